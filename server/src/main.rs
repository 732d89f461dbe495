//! The `thrivosign-server` command: takes arguments, starts the server or tends its data folder. No judgement of its own.

#![allow(clippy::disallowed_methods, reason = "a command reads its environment")]

use clap::{Parser, Subcommand};
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use thrivosign::appearance::Font;
use thrivosign::host::file;
use thrivosign::key::Passphrase;
use thrivosign_server::officer;
use thrivosign_server::pins::{self, Publication};
use thrivosign_server::{
    Binding, CERTIFICATE_DAYS, ClientAuthorities, ClientName, Config, Failure, SeedUser, Server, VaultChoice, api_key, client, lan_address,
    random_password, strict_policy,
};
use thrivosign_server::{audit, backup};
use zeroize::Zeroizing;

/// Largest font file.
const MAX_FONT: usize = 64 << 20;

const DEMO_WARNING: &str = "\
WARNING: --demo. Everybody on this machine can read the one-time codes that a phone should get, and keys without proof are let in.
WARNING: for trying out alone: no real documents, no real people, no certificate of it is to be trusted elsewhere.";

/// The demo Server-Signer.
#[derive(Parser)]
#[command(name = "thrivosign-server", version)]
struct Arguments {
    /// The data folder: keys, certificates, store, documents. Made on the first start.
    #[arg(long, default_value = "thrivosign-data", global = true)]
    data: PathBuf,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// A name or address for the TLS certificate, beside localhost; may be repeated.
    #[arg(long = "host-name")]
    host_names: Vec<String>,
    /// Shows pages for a browser at /site and one-time codes at /desk/outbox, to this machine alone, and makes the demo user. For trying out: never with
    /// real documents or people.
    #[arg(long)]
    demo: bool,
    /// Lets phones of the local network reach a demo: it listens on this machine's address there as well, with a password drawn for this start. Pages and
    /// one-time codes stay on this machine. Without ADDRESS the one that the system would send from.
    #[arg(long, value_name = "ADDRESS", requires = "demo", num_args = 0..=1)]
    lan: Option<Option<IpAddr>>,
    /// In a demo, appends each one-time code as a line to this file as well: for scripts.
    #[arg(long, value_name = "FILE", requires = "demo")]
    outbox: Option<PathBuf>,
    /// Makes this user at the first start. The password comes from THRIVOSIGN_SEED_PASSWORD, or is drawn and printed once.
    #[arg(long)]
    seed_user: Option<String>,
    /// Where the trust services listen, without TLS: OCSP, CRLs, CA certificates, time stamps. Port 0 takes the port of last time if it is
    /// free, else any.
    #[arg(long, default_value = "127.0.0.1:0")]
    trust_listen: SocketAddr,
    /// Where health (/health), readiness (/ready) and metrics for Prometheus (/metrics) are told, without TLS and to whoever reaches it.
    #[arg(long, value_name = "ADDRESS")]
    operator_listen: Option<SocketAddr>,
    /// Base address (http://..) of the trust services as certificates name it, where it is not the one they listen on.
    #[arg(long)]
    trust_services: Option<String>,
    /// Removes an agreement so many days after its last change; its audit records stay. Without it agreements are kept for ever.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    keep_agreements: Option<u32>,
    /// Font file (TrueType or OpenType) for values of text fields that the standard font cannot show; the bundled one (Latin, Greek, Cyrillic, Hebrew,
    /// Vietnamese) if not given. A part of it is embedded into the document.
    #[arg(long, value_name = "FILE")]
    field_font: Option<PathBuf>,
    /// How many days the certificates of users live; they may be renewed in the last thirty.
    #[arg(long, value_name = "DAYS", default_value_t = CERTIFICATE_DAYS, value_parser = clap::value_parser!(u16).range(1..=1095))]
    certificate_days: u16,
    /// A registration officer approves each certificate before it is issued. A demo makes the user `officer`, whose password comes from
    /// THRIVOSIGN_OFFICER_PASSWORD, or is drawn and printed once.
    #[arg(long)]
    officer: bool,
    /// What keys must prove, as a file (docs/howto/attestation.md). Without it keys without proof are let in, and marked as for development.
    #[arg(long, value_name = "FILE")]
    attestation: Option<PathBuf>,
    /// Authorities (PEM) whose certificates back offices may show when they connect (docs/howto/back-office.md). Without it none is asked for.
    #[arg(long, value_name = "FILE")]
    client_ca: Option<PathBuf>,
    /// Binds users' tokens too, where their connection showed a certificate.
    #[arg(long, requires = "client_ca")]
    bind_users: bool,
    /// A file with the passphrase that the keys of remote credentials are encrypted under; for ever, once there are some. Without it and without a
    /// token the key for them stands in the data folder: for trying out.
    #[arg(long, value_name = "FILE", conflicts_with = "vault_module")]
    vault_passphrase_file: Option<PathBuf>,
    /// The PKCS#11 module of the token that keys of remote credentials are made on.
    #[arg(long, value_name = "FILE", requires_all = ["vault_token", "vault_pin_file"])]
    vault_module: Option<PathBuf>,
    /// The label of that token.
    #[arg(long, value_name = "LABEL", requires = "vault_module")]
    vault_token: Option<String>,
    /// A file with its PIN.
    #[arg(long, value_name = "FILE", requires = "vault_module")]
    vault_pin_file: Option<PathBuf>,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Prints the OpenAPI document of the service.
    Openapi,
    /// Makes an API key and prints it once.
    NewApiKey,
    /// Revokes the API key of that id (the part between the underscores).
    RevokeApiKey {
        /// The id.
        id: String,
    },
    /// Registers a back office, which logs in by the certificate of its connection and acts for the account of a user.
    #[command(group(clap::ArgGroup::new("name").required(true).args(["certificate", "san_dns", "san_uri"])))]
    NewClient {
        /// Its client_id.
        id: String,
        /// The user whose account it acts for.
        #[arg(long)]
        user: String,
        /// Its certificate (PEM): its subject is what counts, so that a renewed one is the client's too.
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
        /// The DNS name that its certificates have, in place of the subject.
        #[arg(long)]
        san_dns: Option<String>,
        /// The URI that its certificates have, in place of the subject.
        #[arg(long)]
        san_uri: Option<String>,
    },
    /// Prints the pins (SHA-256 of the public key, base64) of the server's TLS key and of the one that comes after it.
    Pins,
    /// Publishes those pins at /rssp/pins, in a document that apps believe for its signature (docs/howto/pins.md). If the key has a passphrase, it
    /// comes from THRIVOSIGN_PIN_KEY_PASSPHRASE.
    PublishPins {
        /// The key that signs (PEM). Better kept on another machine than the server's.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The host that apps connect to.
        #[arg(long)]
        host: String,
        /// How many days the pins are enforced.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=400))]
        days: u16,
        /// The document's number, if it is not the last one's plus 1.
        #[arg(long)]
        serial: Option<u64>,
        /// A further pin, such as that of a key in a safe; may be repeated.
        #[arg(long = "also", value_name = "PIN")]
        also: Vec<String>,
    },
    /// Goes over to the TLS key that comes next, which the published pins must name.
    RotateTlsKey {
        /// The public half (PEM) of the key that signed them.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Tends the audit records: each agreement's is a chain of hashes (docs/howto/server.md).
    #[command(subcommand)]
    Audit(Audit),
    /// Copies the data folder, private keys and all, to a new folder.
    Backup {
        /// The folder; there must be nothing of that name.
        out: PathBuf,
    },
    /// Copies a backup to the data folder, which must not be there yet.
    Restore {
        /// The backup.
        backup: PathBuf,
    },
    /// Says whether the store, every document and every chain of audit records is whole; one line for each finding, and a failure if there is one.
    Check,
    /// Makes a user a registration officer, who approves certificates and revokes lost devices (docs/howto/server.md).
    AppointOfficer {
        /// The user.
        user: String,
        /// Only for users who registered with this company.
        #[arg(long)]
        company: Option<String>,
    },
    /// Takes the office from a registration officer; what was decided stands.
    DismissOfficer {
        /// The user.
        user: String,
    },
    /// Forgets a back office; its tokens end.
    RemoveClient {
        /// Its client_id.
        id: String,
    },
}

#[derive(Subcommand)]
enum Audit {
    /// Says whether every chain is whole, and as the checkpoints know it; one line for each finding, and a failure if there is one.
    Verify {
        /// A store (store.db), such as a backup's. Without it the data folder's, also beside a running server.
        file: Option<PathBuf>,
        /// The file of checkpoints.
        #[arg(long, value_name = "FILE", requires = "key")]
        checkpoint: Option<PathBuf>,
        /// The public half (PEM) of the key that signed them, as `audit key` printed it when it was new.
        #[arg(long, value_name = "FILE", requires = "checkpoint")]
        key: Option<PathBuf>,
        /// Roots (PEM) of time-stamping authorities: each checkpoint then needs a time stamp of one of theirs.
        #[arg(long, value_name = "FILE", requires = "checkpoint")]
        tsa_trust: Option<PathBuf>,
        /// Prints one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Adds a line to a file of checkpoints: where every chain ends, signed. To be kept where whoever owns the data folder cannot write.
    Checkpoint {
        /// The file; made if it is missing.
        out: PathBuf,
        /// The address of a time-stamping authority (RFC 3161), somebody else's if it is to prove anything: it stamps the signature.
        #[arg(long, value_name = "URL", requires = "tsa_trust")]
        tsa: Option<String>,
        /// Its root (PEM).
        #[arg(long, value_name = "FILE", requires = "tsa")]
        tsa_trust: Option<PathBuf>,
    },
    /// Prints the public half of the key that signs checkpoints.
    Key,
}

fn tend(task: &Audit, data: &std::path::Path, say: impl Fn(&str) -> Result<(), Failure>) -> Result<(), Failure> {
    match task {
        Audit::Key => say(audit::key(data)?.trim_end()),
        Audit::Checkpoint { out, tsa, tsa_trust } => {
            let authority = match tsa.as_ref().zip(tsa_trust.as_deref()) {
                Some((url, roots)) => Some(audit::Authority { url: url.clone(), trust: audit::trusted(roots)? }),
                None => None,
            };
            let made = audit::checkpoint(data, out, authority.as_ref())?;
            say(&format!("checkpoint {} made: {} agreements", made.lines, made.agreements))
        }
        Audit::Verify { file, checkpoint, key, tsa_trust, json } => {
            let stamped = tsa_trust.as_deref().map(audit::trusted).transpose()?;
            let store = file.clone().unwrap_or_else(|| audit::store_of(data));
            let report = audit::verify(&store, checkpoint.as_deref().zip(key.as_deref()), stamped.as_ref())?;
            if *json {
                say(&report.to_json().to_string())?;
            } else {
                report.findings.iter().try_for_each(|finding| say(&finding.to_string()))?;
            }
            if !report.findings.is_empty() {
                return Err(Failure::new("the audit records are not whole"));
            }
            if *json { Ok(()) } else { say(&report.to_string()) }
        }
    }
}

/// Where the keys of remote credentials are to live.
fn vault(arguments: &Arguments) -> Result<VaultChoice, Failure> {
    let secret = |path: &std::path::Path| -> Result<Zeroizing<String>, Failure> {
        let bytes = thrivosign::host::file::read_secret_file(path)
            .map_err(|error| Failure::new("cannot read a secret of the vault").because(error))?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Failure::new("a secret of the vault is no text"))?;
        // Editors end a file with a line end that nobody typed.
        Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    };
    match (&arguments.vault_passphrase_file, &arguments.vault_module, &arguments.vault_token, &arguments.vault_pin_file) {
        (Some(file), ..) => Ok(VaultChoice::Passphrase(secret(file)?)),
        (None, Some(module), Some(label), Some(pin)) => {
            Ok(VaultChoice::Token { module: module.clone(), label: label.clone(), pin: secret(pin)? })
        }
        _ => Ok(VaultChoice::Files),
    }
}

fn client_name(certificate: Option<&PathBuf>, san_dns: Option<&String>, san_uri: Option<&String>) -> Result<ClientName, Failure> {
    match (certificate, san_dns, san_uri) {
        (Some(path), ..) => client::subject_of(path),
        (_, Some(name), _) => Ok(ClientName::SanDns(name.clone())),
        (.., Some(uri)) => Ok(ClientName::SanUri(uri.clone())),
        (None, None, None) => Err(Failure::new("the client needs a name")),
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("thrivosign-server: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let say =
        |text: &str| writeln!(std::io::stdout(), "{text}").map_err(|error| Failure::new("cannot write to standard output").because(error));
    match &arguments.task {
        Some(Task::Openapi) => return say(thrivosign_server::openapi().trim_end()),
        Some(Task::NewApiKey) => return say(&api_key::make(&arguments.data)?),
        Some(Task::RevokeApiKey { id }) => return api_key::revoke(&arguments.data, id),
        Some(Task::NewClient { id, user, certificate, san_dns, san_uri }) => {
            let name = client_name(certificate.as_ref(), san_dns.as_ref(), san_uri.as_ref())?;
            return client::register(&arguments.data, id, user, &name);
        }
        Some(Task::Pins) => {
            let [now, next] = pins::show(&arguments.data)?;
            return say(&format!("{now} in use\n{next} comes next"));
        }
        Some(Task::PublishPins { key, host, days, serial, also }) => {
            let passphrase = std::env::var("THRIVOSIGN_PIN_KEY_PASSPHRASE").ok().map(Zeroizing::new).map(|text| Passphrase::new(&text));
            let what = Publication { key, passphrase: passphrase.as_ref(), host, days: *days, serial: *serial, also };
            let document = pins::publish(&arguments.data, &what)?;
            return say(&format!("published pins {} for {}, until {}", document.serial, document.host, document.expires));
        }
        Some(Task::Audit(task)) => return tend(task, &arguments.data, say),
        Some(Task::Backup { out }) => return say(&format!("{} files copied", backup::backup(&arguments.data, out)?)),
        Some(Task::Restore { backup }) => return say(&format!("{} files copied", backup::restore(backup, &arguments.data)?)),
        Some(Task::Check) => {
            let findings = backup::check(&arguments.data)?;
            findings.iter().try_for_each(|finding| say(finding))?;
            return if findings.is_empty() { say("whole") } else { Err(Failure::new("the data folder is not whole")) };
        }
        Some(Task::RotateTlsKey { key }) => return pins::rotate(&arguments.data, key),
        Some(Task::AppointOfficer { user, company }) => return officer::appoint(&arguments.data, user, company.as_deref()),
        Some(Task::DismissOfficer { user }) => return officer::dismiss(&arguments.data, user),
        Some(Task::RemoveClient { id }) => return client::remove(&arguments.data, id),
        None => {}
    }
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_max_level(tracing::Level::INFO).init();
    let mut config = Config::new(&arguments.data);
    config.vault = vault(&arguments)?;
    config.operator_listen = arguments.operator_listen;
    config.listen = arguments.listen;
    config.host_names = arguments.host_names;
    config.demo = arguments.demo;
    config.lan = arguments.lan.map(|named| named.map_or_else(lan_address, Ok)).transpose()?;
    config.outbox_file = arguments.outbox;
    config.trust_listen = arguments.trust_listen;
    config.trust_services = arguments.trust_services;
    config.keep_agreements = arguments.keep_agreements;
    config.certificate_days = arguments.certificate_days;
    if let Some(file) = &arguments.field_font {
        let unreadable = |error: thrivosign::Error| Failure::new("cannot read the font for text fields").because(error);
        let bytes = file::read_small(file, MAX_FONT).map_err(unreadable)?;
        config.field_font = Some(Font::read(&bytes, 0).map_err(unreadable)?);
    }
    if let Some(file) = &arguments.attestation {
        config.attestation = strict_policy(file)?;
    }
    if let Some(file) = &arguments.client_ca {
        let roots_pem = std::fs::read(file).map_err(|error| Failure::new("cannot read the client authorities").because(error))?;
        let binding = if arguments.bind_users { Binding::Everybody } else { Binding::Clients };
        config.client_authorities = Some(ClientAuthorities { roots_pem, binding });
    }
    let username = arguments.seed_user.or_else(|| arguments.demo.then(|| "demo".to_owned()));
    // What others can reach has no password that somebody thought of.
    let set = std::env::var("THRIVOSIGN_SEED_PASSWORD").ok().map(Zeroizing::new).filter(|_| config.lan.is_none());
    let drawn = set.is_none();
    if let Some(username) = username {
        let password = set.map_or_else(random_password, Ok)?;
        config.seed = Some(SeedUser {
            username,
            password,
            name: "Demo User".to_owned(),
            mobile: "+10000000000".to_owned(),
            email: "demo@example.org".to_owned(),
            country: None,
        });
    }
    config.officer_approves = arguments.officer;
    let mut officers_password = None;
    if arguments.officer && arguments.demo {
        let set = std::env::var("THRIVOSIGN_OFFICER_PASSWORD").ok().map(Zeroizing::new).filter(|_| config.lan.is_none());
        let drawn = set.is_none();
        let password = set.map_or_else(random_password, Ok)?;
        officers_password = drawn.then(|| password.clone());
        config.officer = Some(SeedUser {
            username: "officer".to_owned(),
            password,
            name: "Demo Officer".to_owned(),
            mobile: "+10000000001".to_owned(),
            email: "officer@example.org".to_owned(),
            country: None,
        });
    }
    let seeded = config.seed.as_ref().map(|seed| (seed.username.clone(), seed.password.clone()));
    let running = Server::start(config)?;
    let asked = running.heed_requests_to_end()?;
    say(&format!("listening on {}", running.address()))?;
    if let Some(address) = running.lan_address() {
        say(&format!("for phones of the local network: https://{address}"))?;
    }
    say(&format!("trust services: {0} ({0}/tsa for time stamps)", running.trust_base()))?;
    say(&format!("TLS root for clients: {}", arguments.data.join("tls-root.pem").display()))?;
    say(&format!("root of signers' certificates: {}", arguments.data.join("ca-root.pem").display()))?;
    if let Some(address) = running.operator_address() {
        say(&format!("health, readiness, metrics: http://{address}"))?;
    }
    if let Some(key) = running.api_key() {
        say(&format!("API key (shown once): {key}"))?;
    }
    if let Some((username, password)) = seeded.filter(|_| running.made_seed_user()) {
        if drawn {
            say(&format!("user {username}, password (shown once): {}", &*password))?;
        } else {
            say(&format!("user {username} made"))?;
        }
    }
    if let Some(password) = officers_password.filter(|_| running.made_officer()) {
        say(&format!("user officer, password (shown once): {}", &*password))?;
    }
    if running.outbox().is_some() {
        tracing::warn!("a demo: one-time codes are shown to everybody on this machine; for trying out alone");
        say(DEMO_WARNING)?;
        if running.lan_address().is_some() {
            say("WARNING: --lan. Everybody in the local network can try to log in.")?;
        }
        say(&format!("in a browser: {}/site", running.base()))?;
        say(&format!("one-time codes: {}/desk/outbox", running.base()))?;
    }
    running.run_until(asked);
    Ok(())
}
