//! Any bytes: the lexer moves forward and stays inside; what the parser takes, the writer writes so that it reads back equal.

use thrivosign::limits::Budget;
use thrivosign::pdf::write::write_object;
use thrivosign::pdf::{Lexer, Object, Parser, Token};

pub(crate) fn check(data: &[u8]) {
    let mut lexer = Lexer::new(data);
    let mut tokens = 0;
    loop {
        let before = lexer.position();
        let token = lexer.next_token();
        assert!(before <= lexer.token_start() && lexer.token_start() <= lexer.position() && lexer.position() <= data.len());
        if token == Token::Eof {
            break;
        }
        assert!(lexer.position() > before, "a token without a byte");
        tokens += 1;
    }
    assert!(tokens <= data.len());

    let budget = Budget::for_len(data.len() as u64);
    let mut parser = Parser::new(data, 0, &budget);
    while let Ok(object) = parser.object() {
        let mut text = Vec::new();
        write_object(&mut text, &object);
        let budget = Budget::for_len(text.len() as u64);
        let again = Parser::new(&text, 0, &budget).object().expect("what is written is read");
        assert!(equal(&object, &again), "{object:?} is written as {}", String::from_utf8_lossy(&text));
        let mut twice = Vec::new();
        write_object(&mut twice, &again);
        assert_eq!(String::from_utf8_lossy(&text), String::from_utf8_lossy(&twice), "written again it is another text");
    }
}

/// Equal as values; what is not finite has no form in PDF and is written as 0.0.
fn equal(one: &Object, other: &Object) -> bool {
    match (one, other) {
        (Object::Real(r), Object::Real(n)) if !r.is_finite() => *n == 0.0,
        (Object::Array(a), Object::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Object::Dictionary(a), Object::Dictionary(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|((key, a), (other, b))| key == other && equal(a, b))
        }
        _ => one == other,
    }
}
