//! The kit as files, for other judges: `FAMILY/NN.pdf`, the root's certificate, and an index of what must be said of each.

use super::kit::{Must, authority, families};
use serde_json::json;
use std::path::Path;

/// Writes every file of the kit into the folder, `root.pem` and `index.json` beside them.
pub(crate) fn write(folder: &Path) {
    let mut index = Vec::new();
    for family in families::all() {
        std::fs::create_dir_all(folder.join(family.name)).expect("a folder");
        for (number, file) in family.files.iter().enumerate() {
            let path = format!("{}/{number:02}.pdf", family.name);
            std::fs::write(folder.join(&path), &file.bytes).expect("a file");
            let (must, reason) = match file.must {
                Must::BeClean => ("clean", None),
                Must::BeRefused(reason) => ("refused", Some(reason)),
                Must::BeUnreadable(error) => ("unreadable", Some(error)),
                Must::HaveNoSignature => ("unsigned", None),
            };
            let entry =
                json!({"file": path, "family": family.name, "attack": family.attack, "name": file.name, "must": must, "reason": reason});
            index.push(entry);
        }
    }
    std::fs::write(folder.join("index.json"), serde_json::to_string_pretty(&index).expect("JSON")).expect("the index");
    std::fs::write(folder.join("root.pem"), &authority::authority().root).expect("the root");
}
