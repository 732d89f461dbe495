//! Small PDFs and pictures for the tests.

/// A PDF 1.7 with that many pages.
pub fn small(pages: usize) -> Vec<u8> {
    with_content(pages, "BT /F1 12 Tf 72 720 Td (Agreement) Tj ET")
}

/// One page, and about that many bytes.
pub fn filled(size: usize) -> Vec<u8> {
    with_content(1, &"BT /F1 12 Tf 72 720 Td (Agreement) Tj ET\n".repeat(size / 41))
}

/// One page with a form: `tenant`, a line; `terms`, several; `rent`, of 9 characters; `number`, which is not to be changed.
#[allow(dead_code, reason = "not every test fills a form")]
pub fn with_fields() -> Vec<u8> {
    let content = "BT /F1 12 Tf 72 720 Td (Agreement) Tj ET";
    let widget = |name: &str, bottom: u32, more: &str| {
        let top = bottom + 20;
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T ({name}) /F 4 /P 4 0 R /Rect [72 {bottom} 272 {top}] /DA (/Helv 10 Tf 0 g) {more} >>"
        )
    };
    written(&[
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R 6 0 R 7 0 R 8 0 R] >> >>".to_owned(),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len() + 1),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R /Annots [5 0 R 6 0 R 7 0 R 8 0 R] /Resources << /Font << /F1 \
         << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            .to_owned(),
        widget("tenant", 600, "/MK << /BC [0.5] >>"),
        widget("terms", 560, "/Ff 4096"),
        widget("rent", 520, "/MaxLen 9 /Q 2"),
        widget("number", 480, "/Ff 1 /V (4711)"),
    ])
}

fn with_content(pages: usize, content: &str) -> Vec<u8> {
    let length = content.len() + 1;
    let kids: String = (0..pages).map(|n| format!("{} 0 R ", n + 4)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {pages} >>"),
        format!("<< /Length {length} >>\nstream\n{content}\nendstream"),
    ];
    objects.extend((0..pages).map(|_| {
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 \
         /BaseFont /Helvetica >> >> >> >>"
            .to_owned()
    }));
    written(&objects)
}

fn written(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", n + 1).as_bytes());
    }
    let xref = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    out.extend_from_slice(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1).as_bytes());
    out
}

/// A PNG of one colour, its data stored as it is.
#[allow(dead_code, reason = "not every test shows a picture")]
pub fn png(width: u16, height: u16, colour: [u8; 3]) -> Vec<u8> {
    let row = [vec![0], colour.repeat(usize::from(width))].concat();
    let rows = row.repeat(usize::from(height));
    let mut data = vec![0x78, 0x01];
    for (n, part) in rows.chunks(60_000).enumerate() {
        let last = (n + 1) * 60_000 >= rows.len();
        let len = u16::try_from(part.len()).unwrap();
        data.push(u8::from(last));
        data.extend([len.to_le_bytes(), (!len).to_le_bytes()].concat());
        data.extend(part);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in &rows {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    data.extend((b << 16 | a).to_be_bytes());
    let head = [u32::from(width).to_be_bytes().as_slice(), &u32::from(height).to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [(b"IHDR", head), (b"IDAT", data), (b"IEND", Vec::new())] {
        out.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        let part = [kind.as_slice(), &body].concat();
        out.extend(&part);
        out.extend(crc32(&part).to_be_bytes());
    }
    out
}

#[allow(dead_code, reason = "not every test shows a picture")]
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc: u32, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())))
}
