//! `cargo xtask with-server`: runs a command beside a demo Server-Signer, with all that a client needs in its environment. For samples and
//! for tests in other languages.

use super::{Failed, Scratch, agreement, customer, lease, private_folder, start};
use std::process::{Command, ExitCode};

/// Certificates are in their last month from the start, so that they can be renewed.
const CERTIFICATE_DAYS: u16 = 20;

/// Runs the command; its exit status is passed on. The variables are those that the samples read.
pub(crate) fn with_server(words: &[&str]) -> ExitCode {
    match run(words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("with-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<ExitCode, Failed> {
    let (program, arguments) = words.split_first().ok_or_else(|| Failed::told("no command was given"))?;
    let scratch = Scratch { folder: private_folder()?, keep: false };
    let file = |name: &str| scratch.folder.join(name);
    let officer = std::env::var_os("THRIVOSIGN_OFFICER").is_some();
    let (server, password) = start(&scratch.folder, Some(file("codes")), CERTIFICATE_DAYS, officer)?;
    std::fs::write(file("tls-root.pem"), server.tls_root_pem())?;
    std::fs::write(file("trust.pem"), server.root_pem())?;
    std::fs::write(file("loan-agreement.pdf"), agreement::loan_agreement())?;
    std::fs::write(file("lease.pdf"), lease::lease())?;
    std::fs::create_dir(file("scratch"))?;
    // Beside it one whose certificates wait for an officer, for the tests of that office: the first would let nobody enrol at once.
    std::fs::create_dir(file("office"))?;
    let (office, offices_password) = start(&file("office"), Some(file("office-codes")), CERTIFICATE_DAYS, true)?;
    std::fs::write(file("office-tls-root.pem"), office.tls_root_pem())?;
    let offices_api_key = office.api_key().ok_or_else(|| Failed::told("the server made no API key"))?;
    let api_key = server.api_key().ok_or_else(|| Failed::told("the server made no API key"))?;
    let status = Command::new(program)
        .args(arguments)
        .env("THRIVOSIGN_SERVICE", server.base())
        .env("THRIVOSIGN_TRUST_SERVICES", server.trust_base())
        .env("THRIVOSIGN_TLS_ROOT", file("tls-root.pem"))
        .env("THRIVOSIGN_TRUST", file("trust.pem"))
        .env("THRIVOSIGN_API_KEY", api_key)
        .env("THRIVOSIGN_USER", customer::USER)
        .env("THRIVOSIGN_PASSWORD", password.expose())
        .env("THRIVOSIGN_OUTBOX", file("codes"))
        .env("THRIVOSIGN_DOCUMENT", file("loan-agreement.pdf"))
        .env("THRIVOSIGN_FORM", file("lease.pdf"))
        .env("THRIVOSIGN_OFFICE_SERVICE", office.base())
        .env("THRIVOSIGN_OFFICE_TLS_ROOT", file("office-tls-root.pem"))
        .env("THRIVOSIGN_OFFICE_API_KEY", offices_api_key)
        .env("THRIVOSIGN_OFFICE_PASSWORD", offices_password.expose())
        .env("THRIVOSIGN_OFFICE_OUTBOX", file("office-codes"))
        .env("THRIVOSIGN_SCRATCH", file("scratch"))
        .status()
        .map_err(|error| Failed::told(&format!("{program} could not be started: {error}")))?;
    server.shutdown();
    office.shutdown();
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
