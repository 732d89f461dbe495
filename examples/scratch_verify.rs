use thrivosign::{verify::*, pki::trust::TrustAnchors, Time, Progress};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let trust = TrustAnchors::from_pem(&std::fs::read(&args[1]).unwrap()).unwrap();
    let now = Time::from_unix(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64);
    for f in &args[2..] {
        let bytes = std::fs::read(f).unwrap();
        let o = VerifyOptions { trust: &trust, time: now, policy: Policy::default(), password: None };
        match verify(&bytes, &o, &Progress::default()) {
            Ok(r) => { println!("== {f}\n{r}"); if std::env::var("JSON").is_ok() { println!("{}", r.to_json().unwrap()); } }
            Err(e) => println!("== {f} ERROR {e}"),
        }
    }
}
