//! The client of the judge in this folder, shared by the library's own tests and by those of PKITS. Takes a path in question and our verdict; says whether
//! certval agrees, or the ledger says why not. Without the program that THRIVOSIGN_CERTVAL names (`cargo xtask test` builds it) nothing is asked.
//!
//! What is compared is the path alone: what the end entity is used for, and whom an anchor is trusted for, are rules of ours.

/// Cases that the two judge differently on purpose: name, our verdict, why; tabs between.
const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certval/ledger.tsv");

/// A path to judge: everything in DER, object identifiers as text, the time in seconds since 1970.
#[derive(Default)]
pub(crate) struct Question<'a> {
    pub(crate) leaf: &'a [u8],
    pub(crate) pool: Vec<&'a [u8]>,
    pub(crate) anchors: Vec<&'a [u8]>,
    pub(crate) time: i64,
    pub(crate) policies: Vec<String>,
    pub(crate) explicit: bool,
    pub(crate) inhibit_any: bool,
    pub(crate) inhibit_mapping: bool,
}

impl Question<'_> {
    fn lines(&self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let mut lines = vec![format!("leaf {}", hex(self.leaf)), format!("time {}", self.time)];
        lines.extend(self.pool.iter().map(|der| format!("pool {}", hex(der))));
        lines.extend(self.anchors.iter().map(|der| format!("anchor {}", hex(der))));
        lines.extend(self.policies.iter().map(|policy| format!("policy {policy}")));
        let flags = [("explicit", self.explicit), ("inhibit-any", self.inhibit_any), ("inhibit-mapping", self.inhibit_mapping)];
        lines.extend(flags.iter().filter(|(_, set)| *set).map(|(word, _)| (*word).to_owned()));
        lines.push("end\n".to_owned());
        lines.join("\n")
    }
}

/// Whether certval says the same, or the ledger says why not; what is wrong otherwise. `Ok(false)`: there is no judge.
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test asks an outside judge")]
pub(crate) fn agrees(case: &str, valid: bool, question: &Question<'_>) -> Result<bool, String> {
    use std::io::Write as _;
    let Some(judge) = std::env::var_os("THRIVOSIGN_CERTVAL").filter(|path| !path.is_empty()) else { return Ok(false) };
    let piped = std::process::Stdio::piped;
    let told = |error: std::io::Error| format!("certval's judge: {error}");
    let mut child = std::process::Command::new(judge).stdin(piped()).stdout(piped()).spawn().map_err(told)?;
    let mut questions = child.stdin.take().ok_or("certval's judge has no input")?;
    questions.write_all(question.lines().as_bytes()).map_err(told)?;
    drop(questions);
    let said = child.wait_with_output().map_err(told)?;
    let said = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    let other = match said.split_once(' ') {
        None if said == "valid" => true,
        Some(("invalid", _)) => false,
        _ => return Err(format!("{case}: certval's judge says nothing: {said:?}")),
    };
    let ledger = std::fs::read_to_string(LEDGER).map_err(told)?;
    let entry = ledger.lines().filter(|line| !line.starts_with('#')).find_map(|line| line.strip_prefix(case)?.strip_prefix('\t'));
    let ours = if valid { "valid" } else { "invalid" };
    match entry {
        None if other == valid => Ok(true),
        None => Err(format!("{case}: {ours} to us, certval says {said}")),
        Some(_) if other == valid => Err(format!("{case}: certval says the same, {said}: strike it off the ledger")),
        Some(entry) if entry.split('\t').next() == Some(ours) => Ok(true),
        Some(_) => Err(format!("{case}: {ours} to us, and the ledger says otherwise")),
    }
}
