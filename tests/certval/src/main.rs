//! certval (RFC 5280 6, RFC 9618, RFC 5937) as a judge. Takes questions from stdin, a line each word and its value, `end` behind the last; answers each with
//! one line, `valid`, or `invalid` and why. Paths are built here, by names alone and each in turn, so that it is the rules that are compared.

use certval::{
    CertificationPath, CertificationPathResults, CertificationPathSettings, PDVCertificate, PDVTrustAnchorChoice, PkiEnvironment,
    TimeOfInterest, get_trust_anchor_name, parse_cert,
};
use std::io::{self, BufRead, Write};

/// Certificates between leaf and anchor, and paths that are tried.
const DEEPEST: usize = 16;
const MOST: usize = 2_000;

#[derive(Default)]
struct Question {
    leaf: Vec<u8>,
    pool: Vec<Vec<u8>>,
    anchors: Vec<Vec<u8>>,
    time: u64,
    policies: Vec<String>,
    explicit: bool,
    inhibit_any: bool,
    inhibit_mapping: bool,
}

fn main() -> io::Result<()> {
    let mut question = Question::default();
    for line in io::stdin().lock().lines() {
        let line = line?;
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("leaf", value) => question.leaf = bytes(value),
            ("pool", value) => question.pool.push(bytes(value)),
            ("anchor", value) => question.anchors.push(bytes(value)),
            ("time", value) => question.time = value.parse().expect("seconds since 1970"),
            ("policy", value) => question.policies.push(value.to_owned()),
            ("explicit", _) => question.explicit = true,
            ("inhibit-any", _) => question.inhibit_any = true,
            ("inhibit-mapping", _) => question.inhibit_mapping = true,
            ("end", _) => {
                let said = std::mem::take(&mut question).judge();
                println!("{}", said.map_or_else(|why| format!("invalid {why}"), |()| "valid".to_owned()));
                io::stdout().flush()?;
            }
            (other, _) => panic!("no such word: {other}"),
        }
    }
    Ok(())
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits")).collect()
}

impl Question {
    fn settings(&self) -> CertificationPathSettings {
        let mut settings = CertificationPathSettings::new();
        settings.set_time_of_interest(TimeOfInterest::from_unix_secs(self.time).expect("a time"));
        settings.set_enforce_trust_anchor_constraints(true);
        settings.set_enforce_trust_anchor_validity(false);
        settings.set_require_ta_store(false);
        settings.set_initial_explicit_policy_indicator(self.explicit);
        settings.set_initial_inhibit_any_policy_indicator(self.inhibit_any);
        settings.set_initial_policy_mapping_inhibit_indicator(self.inhibit_mapping);
        if !self.policies.is_empty() {
            settings.set_initial_policy_set(self.policies.clone());
        }
        settings
    }

    fn judge(self) -> Result<(), String> {
        let leaf = parse_cert(&self.leaf, "leaf").map_err(|error| format!("{error:?}"))?;
        let pool: Vec<PDVCertificate> = self.pool.iter().filter_map(|der| parse_cert(der, "pool").ok()).collect();
        let anchors: Vec<PDVTrustAnchorChoice> =
            self.anchors.iter().filter_map(|der| PDVTrustAnchorChoice::create(der, "anchor").ok()).collect();
        let mut environment = PkiEnvironment::default();
        environment.populate_5280_pki_environment();
        let mut search = Search { settings: self.settings(), environment, pool: &pool, anchors: &anchors, tried: 0, first: None };
        if search.climb(&leaf, &mut Vec::new()) { Ok(()) } else { Err(search.first.unwrap_or_else(|| "NoPath".to_owned())) }
    }
}

struct Search<'a> {
    settings: CertificationPathSettings,
    environment: PkiEnvironment,
    pool: &'a [PDVCertificate],
    anchors: &'a [PDVTrustAnchorChoice],
    tried: usize,
    first: Option<String>,
}

impl Search<'_> {
    /// `above`: what is between the leaf and the anchor so far, the leaf's issuer first.
    fn climb(&mut self, leaf: &PDVCertificate, above: &mut Vec<PDVCertificate>) -> bool {
        let top = above.last().unwrap_or(leaf).clone();
        let issuer = top.decoded().tbs_certificate().issuer().clone();
        for anchor in self.anchors {
            if get_trust_anchor_name(anchor.decoded()).is_ok_and(|name| certval::compare_names(name, &issuer))
                && self.holds(anchor, leaf, above)
            {
                return true;
            }
        }
        if above.len() >= DEEPEST {
            return false;
        }
        for candidate in self.pool {
            let fits = certval::compare_names(candidate.decoded().tbs_certificate().subject(), &issuer);
            let new = candidate.as_bytes() != leaf.as_bytes() && above.iter().all(|one| one.as_bytes() != candidate.as_bytes());
            if fits && new && self.tried < MOST {
                above.push(candidate.clone());
                let found = self.climb(leaf, above);
                above.pop();
                if found {
                    return true;
                }
            }
        }
        false
    }

    fn holds(&mut self, anchor: &PDVTrustAnchorChoice, leaf: &PDVCertificate, above: &[PDVCertificate]) -> bool {
        self.tried += 1;
        let path = CertificationPath::new(anchor.clone(), above.iter().rev().cloned().collect(), leaf.clone());
        let mut results = CertificationPathResults::new();
        let outcome = certval::enforce_trust_anchor_constraints(&self.settings, anchor)
            .and_then(|settings| self.environment.validate_path(&self.environment, &settings, &path, &mut results));
        if let Err(error) = &outcome {
            self.first.get_or_insert_with(|| format!("{error:?}"));
        }
        outcome.is_ok()
    }
}
