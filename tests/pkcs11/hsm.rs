//! SoftHSM for one test: a folder with tokens of its own, in a process of its own.
//!
//! Takes the test's name, gives the module, tokens and stores. Other users of the module in the same process are played by `cryptoki`.

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use thrivosign::key::Passphrase;
use thrivosign::key::pkcs11::{Pkcs11KeyStore, TokenChoice};

pub(crate) const PIN: &str = "2468-pin";
pub(crate) const SO_PIN: &str = "97531-so";

const MODULES: &[&str] = &[
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];
/// Set in the process of a test: its folder.
const FOLDER: &str = "THRIVOSIGN_TEST_HSM";

pub(crate) struct Hsm {
    pub(crate) folder: PathBuf,
    pub(crate) module: PathBuf,
}

/// Runs `body` in a process of its own, which this very test is started again in. `test` is its full name.
pub(crate) fn alone(test: &str, body: impl FnOnce(&Hsm)) {
    let module = MODULES.iter().map(Path::new).find(|path| path.is_file());
    let programs = ["softhsm2-util", "openssl"].iter().all(|name| Command::new(name).arg("--version").output().is_ok());
    let (Some(module), true) = (module, programs) else {
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "the PKCS#11 key store cannot be tested: no SoftHSM 2 or no OpenSSL");
        println!("skipped: no SoftHSM 2 or no OpenSSL");
        return;
    };
    if let Some(folder) = std::env::var_os(FOLDER) {
        return body(&Hsm { folder: folder.into(), module: module.to_owned() });
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("tokens")).unwrap();
    let tokens = folder.path().join("tokens");
    let settings = format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
    let file = folder.path().join("softhsm2.conf");
    std::fs::write(&file, settings).unwrap();
    let mut again = Command::new(std::env::current_exe().unwrap());
    again
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("SOFTHSM2_CONF", &file)
        .env(FOLDER, folder.path())
        .env("THRIVOSIGN_TEST_MODULE", module);
    let output = again.stdin(Stdio::null()).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    println!("{said}");
}

pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    output
}

impl Hsm {
    /// A new token of that label; before the module is initialised, which looks for tokens only then.
    pub(crate) fn token(&self, label: &str) {
        run(Command::new("softhsm2-util").args(["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", SO_PIN]));
    }

    pub(crate) fn try_open(&self, choice: &TokenChoice, pin: &str) -> thrivosign::Result<Pkcs11KeyStore> {
        Pkcs11KeyStore::open(&self.module, choice, Passphrase::new(pin))
    }

    pub(crate) fn open(&self, label: &str) -> Pkcs11KeyStore {
        self.try_open(&TokenChoice::label(label), PIN).unwrap()
    }

    /// The module as somebody else in this process has it.
    pub(crate) fn other(&self) -> Pkcs11 {
        let module = Pkcs11::new(&self.module).unwrap();
        // Initialised already, as a rule.
        let _ = module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
        module
    }

    pub(crate) fn slot(&self, label: &str) -> Slot {
        let module = self.other();
        let slots = module.get_slots_with_initialized_token().unwrap();
        slots.into_iter().find(|slot| module.get_token_info(*slot).unwrap().label() == label).unwrap()
    }

    pub(crate) fn serial(&self, label: &str) -> String {
        self.other().get_token_info(self.slot(label)).unwrap().serial_number().to_owned()
    }

    /// A session of somebody else in this process, logged in.
    pub(crate) fn session(&self, label: &str) -> Session {
        let session = self.other().open_rw_session(self.slot(label)).unwrap();
        // By the store already, if one is open.
        let _ = session.login(UserType::User, Some(&AuthPin::new(PIN.into())));
        session
    }

    pub(crate) fn openssl(&self, arguments: &[&str]) -> Output {
        run(Command::new("openssl").args(arguments).current_dir(&self.folder))
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}
