//! The `thrivosign-server` command as a process of its own: started, heard, killed.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub struct Process {
    pub child: Child,
    pub address: SocketAddr,
    /// What was printed before the server began to listen for good.
    pub said: Vec<String>,
}

/// The command on that data folder.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thrivosign-server"));
    command.arg("--data").arg(data).env("THRIVOSIGN_SEED_PASSWORD", super::PASSWORD).stdin(Stdio::null());
    command
}

/// A demo on a free port with the seed user, whose codes stand in a file beside the folder.
pub fn demo(data: &Path) -> Command {
    let mut command = command(data);
    command.args(["--listen", "127.0.0.1:0", "--demo", "--seed-user", super::USER]);
    command.arg("--outbox").arg(data.with_extension("codes")).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn begin(data: &Path) -> Process {
    begin_with(data, &[])
}

pub fn begin_with(data: &Path, more: &[&str]) -> Process {
    let mut command = demo(data);
    command.args(more);
    hear(command)
}

/// Starts that demo and waits until it listens.
pub fn hear(command: Command) -> Process {
    try_hear(command).expect("the address")
}

/// The same, for one that may end before.
pub fn try_hear(mut command: Command) -> Option<Process> {
    let mut child = command.spawn().unwrap();
    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let last = line.starts_with("one-time codes");
        said.push(line);
        if last {
            break;
        }
    }
    let Some(address) = said.iter().find_map(|line| line.strip_prefix("listening on ")) else {
        child.wait().unwrap();
        return None;
    };
    let address = address.parse().unwrap();
    Some(Process { child, address, said })
}

impl Process {
    pub fn said(&self, start: &str) -> Option<String> {
        self.said.iter().find_map(|line| line.strip_prefix(start)).map(str::to_owned)
    }

    /// Kills it on the spot and gives its log, where it was not sent elsewhere.
    pub fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut log = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut log).unwrap();
        }
        log
    }
}

/// A test that fails leaves no server behind.
impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}
