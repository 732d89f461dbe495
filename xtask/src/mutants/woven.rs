//! Weaving: a source file in which each of its mutants can be chosen when the program starts.
//!
//! Takes a file's text and its mutants, gives the text in which `crate::mutant(&[..])` says which of them is chosen, if any, and the numbers
//! of those that have no such form. A mutant's code stands in plain between marks, so that what does not compile can be found and left out.

use proc_macro2::LineColumn;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// One change to one place of a file.
#[derive(Clone)]
pub(super) struct Mutant {
    /// From 1; what chooses it.
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) file: String,
    pub(super) kind: String,
    pub(super) replacement: String,
    /// Line from 1 and column in characters from 0, first and behind the last.
    pub(super) from: LineColumn,
    pub(super) to: LineColumn,
}

/// One place of the text and what may stand there.
struct Edit {
    range: Range<usize>,
    form: Form,
}

enum Form {
    /// An expression, or one of these.
    Choice(Vec<(u32, String)>),
    /// The brace that opens a function's body, behind which one of these is returned.
    Returns(Vec<(u32, String)>),
    /// A function's body, of whose iterator nothing is taken: what it gives instead must be of the same type.
    Emptied(u32),
    /// What is matched, where the compiler complains when an arm is missed.
    Matched(Vec<u32>),
    /// What follows the pattern of an arm: its guard, when it has one.
    Arm { guard: Option<Range<usize>>, binds: bool, without: Vec<u32>, always: Vec<u32>, never: Vec<u32> },
}

/// The woven text, and the mutants that could not be woven in.
pub(super) fn weave(source: &str, mutants: &[&Mutant]) -> Result<(String, Vec<u32>), String> {
    let file = syn::parse_file(source).map_err(|error| error.to_string())?;
    let mut weaver = Weaver { text: source, lines: line_starts(source), mutants: mutants.to_vec(), edits: Vec::new() };
    weaver.visit_file(&file);
    weaver.edits.sort_by(|a, b| (a.range.start, b.range.end).cmp(&(b.range.start, a.range.end)));
    let woven = weaver.woven(0..source.len(), None);
    Ok((woven, weaver.mutants.iter().map(|mutant| mutant.number).collect()))
}

/// What cargo-mutants puts in place of an iterator.
const EMPTY: &str = "::std::iter::empty()";
const OTHER_ITERATOR: &str = "::std::iter::once(";

struct Weaver<'a> {
    text: &'a str,
    lines: Vec<usize>,
    /// Those that no place was found for yet.
    mutants: Vec<&'a Mutant>,
    edits: Vec<Edit>,
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

impl Weaver<'_> {
    fn offset(&self, at: LineColumn) -> usize {
        let start = self.lines.get(at.line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let line = &self.text[start..];
        start + line.char_indices().nth(at.column).map_or(line.len(), |(offset, _)| offset)
    }

    fn range(&self, node: &impl Spanned) -> Range<usize> {
        let span = node.span();
        self.offset(span.start())..self.offset(span.end())
    }

    /// Takes the mutants of that kind at that place.
    fn take(&mut self, kind: &str, place: &Range<usize>) -> Vec<(u32, String)> {
        let (taken, left) = self.mutants.iter().copied().partition::<Vec<_>, _>(|mutant| {
            mutant.kind == kind && self.offset(mutant.from) == place.start && self.offset(mutant.to) == place.end
        });
        self.mutants = left;
        taken.into_iter().map(|mutant| (mutant.number, mutant.replacement.clone())).collect()
    }

    fn choice(&mut self, range: Range<usize>, alternatives: Vec<(u32, String)>) {
        if !alternatives.is_empty() {
            self.edits.push(Edit { range, form: Form::Choice(alternatives) });
        }
    }

    fn body(&mut self, block: &syn::Block) {
        let (Some(first), Some(last)) = (block.stmts.first(), block.stmts.last()) else { return };
        let whole = self.range(first).start..self.range(last).end;
        // One function gives one type of iterator: those that would give another stay where they are.
        let (other, mutants) = self.mutants.iter().copied().partition(|mutant| mutant.replacement.starts_with(OTHER_ITERATOR));
        self.mutants = mutants;
        let (empty, taken): (Vec<_>, Vec<_>) = self.take("FnValue", &whole).into_iter().partition(|(_, text)| text == EMPTY);
        self.mutants.extend::<Vec<_>>(other);
        for (number, _) in empty {
            self.edits.push(Edit { range: whole.clone(), form: Form::Emptied(number) });
        }
        if !taken.is_empty() {
            let open = self.offset(block.brace_token.span.open().start());
            self.edits.push(Edit { range: open..open + 1, form: Form::Returns(taken) });
        }
    }

    /// The range's text with every edit in it, but for the one that is being written.
    fn woven(&self, range: Range<usize>, but: Option<&Edit>) -> String {
        let mut out = String::new();
        let mut at = range.start;
        for edit in self.edits.iter().filter(|edit| edit.range.start >= range.start && edit.range.end <= range.end) {
            // Within the one before; written by it.
            if edit.range.start < at || but.is_some_and(|but| std::ptr::eq(but, edit)) {
                continue;
            }
            out += &self.text[at..edit.range.start];
            out += &self.form(edit);
            at = edit.range.end;
        }
        out + &self.text[at..range.end]
    }

    fn form(&self, edit: &Edit) -> String {
        match &edit.form {
            Form::Choice(alternatives) => {
                let numbers: Vec<u32> = alternatives.iter().map(|(number, _)| *number).collect();
                let arms: String =
                    alternatives.iter().map(|(number, text)| format!("{number} => {{ {} }}\n", marked(&[*number], text))).collect();
                let plain = self.woven(edit.range.clone(), Some(edit));
                marked(&numbers, &format!("(match crate::mutant(&{numbers:?}) {{ {arms} _ => {{ {plain} }} }})"))
            }
            Form::Returns(alternatives) => alternatives.iter().fold("{".to_owned(), |out, (number, text)| {
                out + &marked(&[*number], &format!(" if crate::mutant(&[{number}]) == {number} {{ return {text}; }} "))
            }),
            Form::Emptied(number) => {
                let whole = self.woven(edit.range.clone(), Some(edit));
                let most = format!("if {} {{ 0 }} else {{ usize::MAX }}", chosen(*number));
                marked(&[*number], &format!("let every = {{ {whole} }}; every.take({most})"))
            }
            Form::Matched(numbers) => marked(numbers, &self.woven(edit.range.clone(), Some(edit))),
            Form::Arm { guard, binds, without, always, never } => {
                let mut condition = guard.clone().map_or_else(String::new, |guard| self.woven(guard, None));
                if !binds && !condition.is_empty() {
                    condition = format!("({condition})");
                    for number in always {
                        condition = format!("({condition} || {})", chosen(*number));
                    }
                    for number in never {
                        condition = format!("{condition} && !{}", chosen(*number));
                    }
                }
                for number in without {
                    let joined = if condition.is_empty() { "" } else { " && " };
                    condition = format!("!{}{joined}{condition}", chosen(*number));
                }
                let numbers: Vec<u32> = [without.as_slice(), always, never].concat();
                marked(&numbers, &format!(" if {condition}"))
            }
        }
    }
}

fn chosen(number: u32) -> String {
    format!("(crate::mutant(&[{number}]) == {number})")
}

/// Begins and ends what belongs to these mutants.
fn marked(numbers: &[u32], text: &str) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("/*<{}*/{text}/*>*/", numbers.join(" "))
}

/// The mutants whose marks are the closest around that place of a woven text.
pub(super) fn marked_around(text: &str, place: usize) -> Vec<u32> {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("/*").map(|found| at + found).filter(|found| *found < place) {
        at = found + 2;
        if text[at..].starts_with('>') {
            open.pop();
        } else if let Some(rest) = text[at..].strip_prefix('<') {
            let numbers = rest.split("*/").next().unwrap_or_default();
            open.push(numbers.split(' ').filter_map(|number| number.parse().ok()).collect());
        }
    }
    open.pop().unwrap_or_default()
}

/// Whether it is a chain of conditions that binds names.
fn binds(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => binds(&binary.left) || binds(&binary.right),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Weaver<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.body(&item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.body(&item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.body(block);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        let operator = self.range(&binary.op);
        // `let` may stand in a chain of `&&` alone.
        if !binds(&binary.left) && !binds(&binary.right) {
            let (left, right) = (self.range(&binary.left), self.range(&binary.right));
            let (left, right) = (self.text[left].to_owned(), self.text[right].to_owned());
            let taken = self.take("BinaryOperator", &operator);
            let range = self.range(binary);
            self.choice(range, taken.into_iter().map(|(number, other)| (number, format!("{left} {other} {right}"))).collect());
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        let operator = self.range(&unary.op);
        let operand = self.range(&unary.expr);
        let text = self.text[operand].to_owned();
        let taken = self.take("UnaryOperator", &operator);
        let range = self.range(unary);
        self.choice(range, taken.into_iter().map(|(number, other)| (number, format!("{other}{text}"))).collect());
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_struct(&mut self, made: &'ast syn::ExprStruct) {
        let whole = self.range(made);
        let mut alternatives = Vec::new();
        for field in &made.fields {
            let place = self.range(field);
            let taken = self.take("StructField", &place);
            let behind = self.text[place.end..whole.end].trim_start();
            let rest = behind.strip_prefix(',').unwrap_or(behind);
            let text = format!("{}{rest}", &self.text[whole.start..place.start]);
            alternatives.extend(taken.into_iter().map(|(number, _)| (number, text.clone())));
        }
        self.choice(whole, alternatives);
        visit::visit_expr_struct(self, made);
    }

    fn visit_expr_match(&mut self, matching: &'ast syn::ExprMatch) {
        let arms: Vec<Range<usize>> = matching.arms.iter().map(|arm| self.range(arm)).collect();
        let of_an_arm = |mutant: &&&Mutant| {
            let place = self.offset(mutant.from)..self.offset(mutant.to);
            mutant.kind == "MatchArm" && arms.contains(&place)
        };
        let numbers: Vec<u32> = self.mutants.iter().filter(of_an_arm).map(|mutant| mutant.number).collect();
        if !numbers.is_empty() {
            let range = self.range(&matching.expr);
            self.edits.push(Edit { range, form: Form::Matched(numbers) });
        }
        visit::visit_expr_match(self, matching);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let whole = self.range(arm);
        let pattern = self.range(&arm.pat);
        let guard = arm.guard.as_ref().map(|(_, guard)| self.range(guard));
        let numbers = |taken: Vec<(u32, String)>| taken.into_iter().map(|(number, _)| number).collect::<Vec<u32>>();
        let without = numbers(self.take("MatchArm", &whole));
        let binds = arm.guard.as_ref().is_some_and(|(_, guard)| binds(guard));
        let (mut always, mut never) = (Vec::new(), Vec::new());
        if let Some(guard) = guard.clone().filter(|_| !binds) {
            let (yes, no): (Vec<_>, Vec<_>) = self.take("MatchArmGuard", &guard).into_iter().partition(|(_, text)| text == "true");
            (always, never) = (numbers(yes), numbers(no));
        }
        if !(without.is_empty() && always.is_empty() && never.is_empty()) {
            let end = guard.as_ref().map_or(pattern.end, |guard| guard.end);
            self.edits.push(Edit { range: pattern.end..end, form: Form::Arm { guard, binds, without, always, never } });
        }
        visit::visit_arm(self, arm);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutant(number: u32, kind: &str, replacement: &str, columns: Range<usize>) -> Mutant {
        let at = |column| LineColumn { line: 1, column };
        let (from, to) = (at(columns.start), at(columns.end));
        Mutant { number, name: String::new(), file: String::new(), kind: kind.into(), replacement: replacement.into(), from, to }
    }

    #[test]
    fn a_choice_keeps_what_is_chosen_within_it() {
        let source = "fn f(a: u8) -> bool { !(a < 3) }";
        let mutants =
            [mutant(1, "FnValue", "true", 22..30), mutant(2, "UnaryOperator", "", 22..23), mutant(3, "BinaryOperator", ">", 26..27)];
        let (woven, left) = weave(source, &mutants.each_ref()).unwrap();
        assert!(left.is_empty(), "{left:?}");
        for part in ["{ return true; }", "2 => { /*<2*/(a < 3)/*>*/ }", "3 => { /*<3*/a > 3/*>*/ }"] {
            assert!(woven.contains(part), "{woven}");
        }
        assert_eq!(marked_around(&woven, woven.find("a > 3").unwrap()), [3]);
        assert_eq!(marked_around(&woven, woven.find("return").unwrap()), [1]);
        assert!(marked_around(&woven, 3).is_empty());
        assert!(syn::parse_file(&woven).is_ok(), "{woven}");
    }

    #[test]
    fn an_arm_can_be_missing_and_its_guard_be_anything() {
        let source = "fn f(a: u8) -> u8 { match a { 1 if a > 0 => 2, 2 => 1, _ => 0 } }";
        let mutants = [
            mutant(1, "MatchArmGuard", "true", 35..40),
            mutant(2, "MatchArmGuard", "false", 35..40),
            mutant(3, "MatchArm", "", 47..54),
            mutant(4, "BinaryOperator", "<", 37..38),
        ];
        let (woven, left) = weave(source, &mutants.each_ref()).unwrap();
        assert!(left.is_empty(), "{left:?}");
        for part in
            [" || (crate::mutant(&[1]) == 1)) && !(crate::mutant(&[2]) == 2)", "2/*<3*/ if !(crate::mutant(&[3]) == 3)", "/*<4*/a < 0/*>*/"]
        {
            assert!(woven.contains(part), "{woven}");
        }
        assert!(syn::parse_file(&woven).is_ok(), "{woven}");
    }
}
