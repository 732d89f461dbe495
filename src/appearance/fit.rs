//! The appearance room: text fitted to a box. Takes encoded lines and a width and height, gives a font size and the lines as broken.
//! Nothing is cut off: what a person is shown is all that was asked, or an error.

use super::helvetica;

/// Largest and smallest font size, in points.
const SIZES: (f64, f64) = (12.0, 4.0);
/// Below this size words are rather broken than made smaller.
const READABLE: f64 = 6.0;
/// From baseline to baseline, in font sizes.
pub(super) const LEADING: f64 = 1.18;

/// Text as it fits.
pub(super) struct Fitted {
    pub(super) size: f64,
    pub(super) lines: Vec<Vec<u8>>,
}

impl Fitted {
    /// Height from the top of the first line to the bottom of the last, in points.
    pub(super) fn height(&self) -> f64 {
        height(self.lines.len(), self.size)
    }
}

fn height(lines: usize, size: f64) -> f64 {
    size * ((helvetica::ABOVE + helvetica::BELOW) / 1000.0 + LEADING * lines.saturating_sub(1) as f64)
}

/// The largest size at which every line fits, broken at spaces, and inside words where nothing else helps. `None` if the smallest is
/// too large.
pub(super) fn fit(lines: &[Vec<u8>], width: f64, room: f64) -> Option<Fitted> {
    let attempt = |size: f64, inside_words: bool| {
        let limit = width * 1000.0 / size;
        let mut broken = Vec::new();
        for line in lines {
            wrap(line, limit, inside_words, &mut broken)?;
        }
        (height(broken.len(), size) <= room).then_some(Fitted { size, lines: broken })
    };
    let steps = |from: f64, to: f64| (0..=((from - to) * 4.0) as u32).map(move |i| from - f64::from(i) / 4.0);
    steps(SIZES.0, READABLE).find_map(|size| attempt(size, false)).or_else(|| steps(SIZES.0, SIZES.1).find_map(|size| attempt(size, true)))
}

/// Breaks one line; `None` if it cannot be broken to the limit.
fn wrap(line: &[u8], limit: f64, inside_words: bool, out: &mut Vec<Vec<u8>>) -> Option<()> {
    let mut current: Vec<u8> = Vec::new();
    for word in line.split(|c| *c == b' ').filter(|word| !word.is_empty()) {
        let mut longer = current.clone();
        if !longer.is_empty() {
            longer.push(b' ');
        }
        longer.extend_from_slice(word);
        if helvetica::width(&longer) <= limit {
            current = longer;
            continue;
        }
        if !current.is_empty() {
            out.push(std::mem::take(&mut current));
        }
        if helvetica::width(word) <= limit {
            current = word.to_vec();
            continue;
        }
        if !inside_words {
            return None;
        }
        for code in word {
            current.push(*code);
            if helvetica::width(&current) > limit {
                current.pop();
                if current.is_empty() {
                    return None;
                }
                out.push(std::mem::replace(&mut current, vec![*code]));
            }
        }
        if helvetica::width(&current) > limit {
            return None;
        }
    }
    out.push(current);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<Vec<u8>> {
        texts.iter().map(|text| text.as_bytes().to_vec()).collect()
    }

    #[test]
    fn every_fitted_line_stays_inside() {
        let text = lines(&["Signed by Aleksandra Wolkonskaja-Breitenbach", "Reason: I agree to the terms of this loan", "x"]);
        for width in [20.0, 45.0, 90.0, 200.0, 400.0] {
            for room in [6.0, 18.0, 40.0, 90.0] {
                let Some(fitted) = fit(&text, width, room) else { continue };
                assert!((SIZES.1..=SIZES.0).contains(&fitted.size));
                assert!(fitted.height() <= room);
                for line in &fitted.lines {
                    assert!(helvetica::width(line) * fitted.size / 1000.0 <= width);
                }
                let letters = |lines: &[Vec<u8>]| lines.concat().iter().filter(|c| **c != b' ').count();
                assert_eq!(letters(&fitted.lines), letters(&text), "nothing is cut off");
            }
        }
    }

    #[test]
    fn large_boxes_get_the_largest_size_and_tiny_ones_none() {
        assert_eq!(fit(&lines(&["Hello"]), 500.0, 100.0).unwrap().size, SIZES.0);
        assert!(fit(&lines(&["Hello"]), 2.0, 100.0).is_none());
        assert!(fit(&lines(&["Hello"]), 100.0, 3.0).is_none());
        assert!(fit(&lines(&["W"]), 3.0, 1000.0).is_none());
    }

    #[test]
    fn words_are_kept_whole_while_readable() {
        let fitted = fit(&lines(&["Donaudampfschifffahrtsgesellschaft AG"]), 120.0, 30.0).unwrap();
        assert_eq!(fitted.lines.len(), 2);
        assert_eq!(fitted.lines[1], b"AG");
    }
}
