//! The appearance room: what a document's conformance claims ask of everything drawn into it. Takes nothing, gives a small value that
//! whoever reads the claims fills in and every part of a look obeys. May not read the document.

/// What may be drawn. The default is a document that claims nothing: anything goes.
///
/// | The document claims | Transparency | Fonts | Colours |
/// | --- | --- | --- | --- |
/// | nothing | allowed | optional | any |
/// | PDF/A-1 (ISO 19005-1 6.2, 6.3, 6.4) | forbidden | embedded | as its output intent |
/// | PDF/A-2, -3, -4 | allowed | embedded | as its output intent |
/// | PDF/UA (ISO 14289-1 7.21) | allowed | embedded | any |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Whether alpha may be used; where not, pictures are laid onto white.
    pub transparency: Transparency,
    /// Whether fonts must be in the file.
    pub fonts: FontEmbedding,
    /// Which colour spaces may be named.
    pub colours: Colours,
}

/// Whether soft masks may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transparency {
    /// They may.
    #[default]
    Allowed,
    /// They may not.
    Forbidden,
}

/// Whether a font's program must be in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FontEmbedding {
    /// The standard 14 fonts may be named alone.
    #[default]
    Optional,
    /// Every font is embedded, with a map to Unicode.
    Required,
}

/// Which colour spaces may be named. Grey is always possible: from a device space or, where none is, a calibrated one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// Every device space.
    #[default]
    Any,
    /// The output intent is grey: DeviceGray.
    Gray,
    /// The output intent is RGB: DeviceGray and DeviceRGB.
    Rgb,
    /// The output intent is CMYK: DeviceGray and DeviceCMYK.
    Cmyk,
    /// There is no output intent: none but calibrated spaces.
    Calibrated,
}

impl Colours {
    pub(super) const fn device_gray(self) -> bool {
        !matches!(self, Colours::Calibrated)
    }

    pub(super) const fn device_rgb(self) -> bool {
        matches!(self, Colours::Any | Colours::Rgb)
    }

    pub(super) const fn device_cmyk(self) -> bool {
        matches!(self, Colours::Any | Colours::Cmyk)
    }
}
