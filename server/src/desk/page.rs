//! The outbox as a page for a person's browser: takes the outbox, gives HTML without scripts.

use super::Outbox;
use std::fmt::Write;

/// The page. Everything in it is escaped: names and numbers come from clients.
pub(crate) fn outbox_page(outbox: &Outbox) -> String {
    let mut rows = String::new();
    outbox.each(|message| {
        // Writing to a String cannot fail.
        let _ = writeln!(
            rows,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td><b>{}</b></td></tr>",
            message.at,
            message.channel,
            escape(&message.to),
            message.purpose,
            escape(&message.code)
        );
    });
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"3\">\
         <title>Outbox of the demo</title></head><body><h1>Outbox of the demo</h1>\
         <p>What a real service would send by SMS or e-mail. This page exists only in a demo and answers only to this machine.</p>\
         <table><tr><th>When</th><th>By</th><th>To</th><th>For</th><th>Code</th></tr>\n{rows}</table></body></html>"
    )
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Message;
    use thrivosign::Time;
    use zeroize::Zeroizing;

    #[test]
    fn what_clients_wrote_stays_text() {
        let outbox = Outbox::default();
        for n in 0..150 {
            let code = Zeroizing::new(format!("{n:06}"));
            outbox.send(Message { at: Time::from_unix(n), channel: "sms", to: "<script>'\"&".into(), purpose: "login", code });
        }
        assert_eq!(outbox.len(), 100);
        assert_eq!(*outbox.latest_code("<script>'\"&").unwrap(), "000149");
        assert!(outbox.latest_code("someone else").is_none());
        let page = outbox_page(&outbox);
        assert!(page.contains("&lt;script&gt;&#39;&quot;&amp;") && !page.contains("<script"));
    }
}
