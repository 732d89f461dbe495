//! A throw-away root and signers of every kind under it, made once by the openssl command.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub(crate) struct Authority {
    folder: tempfile::TempDir,
}

impl Authority {
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Files: `root.pem`; `other-root.pem`, which issued nothing; signers `<name>.key` with `<name>.pem`: `ec`, `rsa` (3072), `expired`,
/// `future`, `seal` (no usage for signing), `named` (its name has letters that no font of ours has), `chained` (under `middle.pem`, which
/// is in its file); `ec-locked.key` and `rsa-locked.key` (PKCS#8 with the passphrase `right`); `ec.p12`, `rsa.p12` (`right`), `old.p12` (PBE with 3DES), `keyless.p12`; `right.txt`, `wrong.txt`.
pub(crate) fn authority() -> &'static Authority {
    static MADE: OnceLock<Authority> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path());
        Authority { folder }
    })
}

fn make(folder: &Path) {
    let script = r#"
set -e
ca() {
  openssl ecparam -name prime256v1 -genkey -noout -out $1.key
  openssl req -x509 -new -key $1.key -days 30 -subj "/CN=$2" -out $1.pem \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}
usage() { printf "keyUsage=critical,$1\nbasicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"; }
# name, subject, usage, issuer, then options for the time
issue() {
  name=$1 subject=$2 usage=$3 issuer=$4; shift 4
  [ -e $name.key ] || { openssl ecparam -name prime256v1 -genkey -noout -out $name.sec1; openssl pkcs8 -topk8 -nocrypt -in $name.sec1 -out $name.key; }
  openssl req -new -utf8 -key $name.key -subj "/CN=$subject" -out $name.csr
  usage $usage > ext
  openssl x509 -req -in $name.csr -CA $issuer.pem -CAkey $issuer.key -CAcreateserial -extfile ext -out $name.pem "$@"
}
ca root 'Command Test Root'
ca other-root 'Another Root'
issue ec 'Signer P-256' nonRepudiation root -days 29
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out rsa.key
issue rsa 'Signer RSA' nonRepudiation root -days 29
issue seal 'No Signer' keyEncipherment root -days 29
issue named '王小明' nonRepudiation root -days 29
openssl ecparam -name prime256v1 -genkey -noout -out middle.key
openssl req -new -key middle.key -subj '/CN=Middle' -out middle.csr
printf 'keyUsage=critical,keyCertSign\nbasicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' > middle.ext
openssl x509 -req -in middle.csr -CA root.pem -CAkey root.key -CAcreateserial -days 29 -extfile middle.ext -out middle.pem
issue chained 'Signer below' nonRepudiation middle -days 28
cat middle.pem >> chained.pem
# `openssl ca` sets any time with every version of the command.
touch index.txt; echo 77 > serial
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n' > ca.conf
for kind in expired future; do
  openssl ecparam -name prime256v1 -genkey -noout -out $kind.sec1
  openssl pkcs8 -topk8 -nocrypt -in $kind.sec1 -out $kind.key
  openssl req -new -key $kind.key -subj "/CN=$kind" -out $kind.csr
  usage nonRepudiation > ext
  case $kind in expired) from=20200101000000Z to=20210101000000Z;; future) from=20980101000000Z to=20990101000000Z;; esac
  openssl ca -batch -notext -config ca.conf -keyfile root.key -cert root.pem -in $kind.csr -out $kind.pem -extfile ext -startdate $from -enddate $to
done
for kind in ec rsa; do
  openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in $kind.key -passout pass:right -out $kind-locked.key
  openssl pkcs12 -export -inkey $kind.key -in $kind.pem -certfile root.pem -passout pass:right -keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -out $kind.p12
done
openssl pkcs12 -export -inkey ec.key -in ec.pem -passout pass:right -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -out old.p12
openssl pkcs12 -export -nokeys -in ec.pem -passout pass:right -keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -out keyless.p12
printf 'right\n' > right.txt
printf 'Xyzzy\n' > wrong.txt
"#;
    let out = Command::new("sh").arg("-c").arg(script).current_dir(folder).output().expect("sh runs");
    assert!(out.status.success(), "openssl: {}", String::from_utf8_lossy(&out.stderr));
}
