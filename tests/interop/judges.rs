//! The outside judges: pdfsig, pyHanko, qpdf, OpenSSL, and poppler's renderer.
//!
//! Takes a file, gives what each judge says about it, as it says it. May not soften: a judge that cannot be run, or whose
//! answer is not understood, is an error.

use crate::corpus::{Bench, script_path, text};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What pdfsig says about one signature.
#[derive(Debug, PartialEq)]
pub(crate) struct PdfsigVerdict {
    pub(crate) valid: bool,
    pub(crate) total_document: bool,
}

/// pdfsig (poppler with NSS), certificates left to the other judges.
pub(crate) fn pdfsig(file: &Path, password: &str) -> Result<Vec<PdfsigVerdict>, String> {
    let mut command = Command::new("pdfsig");
    if !password.is_empty() {
        command.args(["-upw", password, "-opw", password]);
    }
    let output = command.arg("-nocert").arg(file).output().map_err(|error| format!("pdfsig: {error}"))?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut verdicts = Vec::new();
    for block in told.split("\nSignature #").skip(1) {
        let says = |line: &str| block.lines().any(|said| said.trim() == line);
        if says("The signature form field is not signed.") {
            continue;
        }
        if !says("- Total document signed") && !says("- Not total document signed") && !block.contains("Signature Validation: ") {
            return Err(format!("pdfsig's answer is not understood: {block}"));
        }
        verdicts.push(PdfsigVerdict {
            valid: says("- Signature Validation: Signature is Valid."),
            total_document: says("- Total document signed"),
        });
    }
    if verdicts.is_empty() {
        Err(format!("pdfsig sees no signature: {told}{}", String::from_utf8_lossy(&output.stderr)))
    } else {
        Ok(verdicts)
    }
}

/// What pyHanko says about one signature.
#[derive(Debug)]
pub(crate) struct HankoVerdict {
    pub(crate) intact: bool,
    pub(crate) valid: bool,
    pub(crate) trusted: bool,
    /// All of the above, and no later change beyond what the document permits.
    pub(crate) bottom_line: bool,
    pub(crate) coverage: String,
    pub(crate) summary: String,
    byte_range: Vec<u64>,
    cms: Vec<u8>,
}

/// A running pyHanko; one for each thread.
pub(crate) struct Hanko {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Hanko {
    pub(crate) fn start(bench: &Bench) -> Hanko {
        let mut child = Command::new(&bench.python)
            .arg(script_path("judge.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the Python environment starts");
        let questions = child.stdin.take().expect("piped");
        let answers = BufReader::new(child.stdout.take().expect("piped"));
        let mut hanko = Hanko { child, questions, answers };
        let ready = hanko.ask(&json!({})).expect("judge.py answers");
        assert!(ready.get("pyhanko").is_some(), "judge.py is not ready: {ready}");
        hanko
    }

    fn ask(&mut self, question: &Value) -> Result<Value, String> {
        let mut line = question.to_string();
        line.push('\n');
        self.questions.write_all(line.as_bytes()).and_then(|()| self.questions.flush()).map_err(|error| error.to_string())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).map_err(|error| error.to_string())?;
        serde_json::from_str(&answer).map_err(|error| format!("judge.py: {error}: {answer}"))
    }

    /// Validates every signature with the given root as the only trust anchor, revocation not asked for, offline.
    pub(crate) fn judge(&mut self, file: &Path, root: &Path, password: &str) -> Result<Vec<HankoVerdict>, String> {
        let answer = self.ask(&json!({"file": file, "trust": [root], "password": password}))?;
        if let Some(error) = answer["error"].as_str() {
            return Err(error.to_owned());
        }
        let list = answer["signatures"].as_array().ok_or("judge.py gave no list")?;
        list.iter().map(verdict).collect()
    }
}

impl Drop for Hanko {
    fn drop(&mut self) {
        // Only this process's own child; it holds nothing that could be lost.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn verdict(value: &Value) -> Result<HankoVerdict, String> {
    let hex = text(value, "cms");
    let digit = |index: usize| u8::from_str_radix(hex.get(index..index + 2).unwrap_or("?"), 16);
    let cms = (0..hex.len()).step_by(2).map(digit).collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    let yes = |key: &str| value[key].as_bool().ok_or_else(|| format!("judge.py: no {key}"));
    Ok(HankoVerdict {
        intact: yes("intact")?,
        valid: yes("valid")?,
        trusted: yes("trusted")?,
        bottom_line: yes("bottom_line")?,
        coverage: text(value, "coverage"),
        summary: text(value, "summary"),
        byte_range: value["byte_range"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect(),
        cms,
    })
}

/// OpenSSL on the CMS alone: signature, digest of the signed ranges, chain to the root, signing-certificate attribute.
pub(crate) fn openssl(file: &Path, signature: &HankoVerdict, root: &Path) -> Result<(), String> {
    let document = fs::read(file).map_err(|error| error.to_string())?;
    let [a, b, c, d] = signature.byte_range[..] else { return Err("ByteRange is not four numbers".to_owned()) };
    let part = |start: u64, length: u64| document.get(usize::try_from(start).ok()?..usize::try_from(start + length).ok()?);
    let (Some(first), Some(second)) = (part(a, b), part(c, d)) else { return Err("ByteRange leaves the file".to_owned()) };
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (content, cms) = (scratch.path().join("content"), scratch.path().join("cms"));
    fs::write(&content, [first, second].concat()).map_err(|error| error.to_string())?;
    fs::write(&cms, &signature.cms).map_err(|error| error.to_string())?;
    let output = Command::new("openssl")
        .args(["cms", "-verify", "-cades", "-purpose", "any", "-binary", "-inform", "DER", "-in"])
        .arg(&cms)
        .arg("-content")
        .arg(&content)
        .arg("-CAfile")
        .arg(root)
        .arg("-out")
        .arg(scratch.path().join("out"))
        .output()
        .map_err(|error| format!("openssl: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// The exit status of `qpdf --check`: 0 sound, 3 warnings, 2 errors.
pub(crate) fn qpdf(file: &Path, password: &str) -> Result<i32, String> {
    let output = Command::new("qpdf").arg(format!("--password={password}")).arg("--check").arg(file).output();
    output.map_err(|error| format!("qpdf: {error}"))?.status.code().ok_or_else(|| "qpdf was killed".to_owned())
}

/// A page in shades of grey, the upper row first.
pub(crate) struct Rendering {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) grey: Vec<u8>,
}

/// How many pixels one point is wide.
pub(crate) const PIXELS_PER_POINT: f64 = 1.0;

/// poppler's picture of a page, as a viewer shows it: rotated, cut to the crop box, annotations drawn.
pub(crate) fn render(file: &Path, page: u32, password: &str) -> Result<Rendering, String> {
    let number = page.to_string();
    let mut command = Command::new("pdftoppm");
    if !password.is_empty() {
        command.args(["-upw", password, "-opw", password]);
    }
    command.args(["-r", "72", "-gray", "-cropbox", "-f", &number, "-l", &number]);
    let output = command.arg(file).output().map_err(|error| format!("pdftoppm: {error}"))?;
    let picture = output.stdout;
    // P5, width, height, 255, one blank, then the bytes.
    let mut fields = Vec::new();
    let mut at = 0;
    while fields.len() < 4 {
        let rest = picture.get(at..).filter(|rest| !rest.is_empty()).ok_or("pdftoppm gave no picture")?;
        let length = rest.iter().position(u8::is_ascii_whitespace).ok_or("pdftoppm gave no picture")?;
        fields.push(String::from_utf8_lossy(&rest[..length]).into_owned());
        at += length + 1;
    }
    let number = |index: usize| fields[index].parse::<usize>().map_err(|error| format!("pdftoppm: {error}"));
    let (width, height) = (number(1)?, number(2)?);
    let grey = picture[at..].to_vec();
    if fields[0] != "P5" || grey.len() != width * height {
        return Err("pdftoppm gave an unknown picture".to_owned());
    }
    Ok(Rendering { width, height, grey })
}

impl Rendering {
    /// Whether the pixel at this column and row (from the top) is not paper.
    pub(crate) fn ink(&self, column: usize, row: usize) -> bool {
        self.grey[row * self.width + column] < 250
    }

    /// Pixels that differ from another rendering of the same size, outside boxes in points and a rim of two pixels.
    pub(crate) fn changed_outside(&self, before: &Rendering, boxes: &[[f64; 4]]) -> usize {
        let inside = |column: usize, row: usize| {
            boxes.iter().any(|[x, y, width, height]| {
                let (left, right) = (to_pixels(*x), to_pixels(x + width));
                let (low, high) = (to_pixels(*y), to_pixels(y + height));
                let up = self.height - row;
                column + 2 >= left && column <= right + 2 && up + 2 >= low && up <= high + 2
            })
        };
        let changed = |at: &usize| self.grey.get(*at) != before.grey.get(*at) && !inside(at % self.width, at / self.width);
        (0..self.grey.len()).filter(changed).count()
    }

    /// Pixels that are not paper inside a box in points from the lower left corner of the displayed page.
    pub(crate) fn ink_in(&self, [x, y, width, height]: [f64; 4]) -> usize {
        let (left, right) = (to_pixels(x), to_pixels(x + width).min(self.width));
        let (top, bottom) = (self.height.saturating_sub(to_pixels(y + height)), self.height.saturating_sub(to_pixels(y)));
        (top..bottom).flat_map(|row| (left..right).map(move |column| (column, row))).filter(|&(column, row)| self.ink(column, row)).count()
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // points on a page, small and not negative
fn to_pixels(points: f64) -> usize {
    (points * PIXELS_PER_POINT).round().max(0.0) as usize
}
