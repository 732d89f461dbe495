//! A device: as the service is to know it, and as it does.

use thrivosign::remote::register_device;

/// A device as the service is to know it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Device {
    /// Its own id, made once and kept.
    pub uuid: String,
    /// A name for people.
    pub name: String,
    /// `android`, `ios`, `linux` and so on.
    pub platform: String,
}

/// Whether the service takes a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum DeviceStatus {
    /// Registered.
    Active,
    /// Deleted or blocked.
    Revoked,
}

/// What the service could verify of a key's protection; never what was claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SecurityLevel {
    /// A StrongBox secure element.
    Strongbox,
    /// A trusted execution environment.
    Tee,
    /// App Attest vouches for the app, which vouches for the key.
    SecureEnclaveAppAttested,
    /// A hardware security module.
    Hsm,
    /// Nothing could be verified.
    Software,
}

impl From<register_device::SecurityLevel> for SecurityLevel {
    fn from(level: register_device::SecurityLevel) -> SecurityLevel {
        use register_device::SecurityLevel as Level;
        match level {
            Level::Strongbox => SecurityLevel::Strongbox,
            Level::Tee => SecurityLevel::Tee,
            Level::SecureEnclaveAppAttested => SecurityLevel::SecureEnclaveAppAttested,
            Level::Hsm => SecurityLevel::Hsm,
            Level::Software => SecurityLevel::Software,
        }
    }
}

/// A device as the service knows it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RegisteredDevice {
    /// The device's id.
    pub device_uuid: String,
    /// Its state.
    pub status: DeviceStatus,
    /// What the service could verify.
    pub security_level: SecurityLevel,
}

impl From<register_device::RegisteredDevice> for RegisteredDevice {
    fn from(device: register_device::RegisteredDevice) -> RegisteredDevice {
        use register_device::DeviceStatus as Status;
        RegisteredDevice {
            device_uuid: device.device_uuid,
            status: match device.status {
                Status::Active => DeviceStatus::Active,
                Status::Revoked => DeviceStatus::Revoked,
            },
            security_level: device.security_level.into(),
        }
    }
}
