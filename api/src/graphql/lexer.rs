//! Counting a query's tokens without reading it: what a parser would have to take in.

/// How much a query is.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Its tokens (GraphQL, October 2021, §2.1.6). White space, commas and comments are none.
    pub tokens: usize,
    /// How deep its brackets of any kind go.
    pub nesting: usize,
}

/// Counts; nothing when a string is never closed. It never takes for a string what the parser does not, or tokens could
/// hide there; of a number it makes more tokens than there are.
#[must_use]
pub fn scan(query: &str) -> Option<Shape> {
    let mut shape = Shape::default();
    let mut open = 0_usize;
    let mut rest = query.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = match first {
            b' ' | b'\t' | b'\r' | b'\n' | b',' | 0xEF | 0xBB | 0xBF => {
                rest = tail;
                continue;
            }
            b'#' => {
                rest = skip(tail, |c| !matches!(c, b'\n' | b'\r'));
                continue;
            }
            b'"' => string(tail)?,
            b'{' | b'(' | b'[' => {
                open += 1;
                shape.nesting = shape.nesting.max(open);
                tail
            }
            b'}' | b')' | b']' => {
                open = open.saturating_sub(1);
                tail
            }
            b'.' => skip(tail, |c| c == b'.'),
            c if word(c) => skip(tail, word),
            _ => tail,
        };
        shape.tokens += 1;
    }
    Some(shape)
}

const fn word(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_'
}

fn skip(text: &[u8], goes_on: impl Fn(u8) -> bool) -> &[u8] {
    let end = text.iter().position(|c| !goes_on(*c)).unwrap_or(text.len());
    text.get(end..).unwrap_or_default()
}

/// What follows a string whose opening quote is behind us.
fn string(text: &[u8]) -> Option<&[u8]> {
    if let Some(mut rest) = text.strip_prefix(b"\"\"") {
        loop {
            if let Some(after) = rest.strip_prefix(b"\\\"\"\"") {
                rest = after;
            } else if let Some(after) = rest.strip_prefix(b"\"\"\"") {
                return Some(after);
            } else {
                rest = rest.get(1..)?;
            }
        }
    }
    let mut rest = text;
    while let Some((&c, tail)) = rest.split_first() {
        match c {
            b'"' => return Some(tail),
            b'\n' | b'\r' => return None,
            b'\\' => rest = tail.get(1..)?,
            _ => rest = tail,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(query: &str) -> Option<(usize, usize)> {
        scan(query).map(|s| (s.tokens, s.nesting))
    }

    #[test]
    fn tokens_are_counted_and_text_within_strings_is_not() {
        assert_eq!(shape("{ a, b # { { {\n c }"), Some((5, 1)));
        assert_eq!(shape("query($n: Int = -1.5e+3){a(x:[$n])}"), Some((25, 3)));
        assert_eq!(shape(r#"{a(t:"}}}\" {{{")}"#), Some((8, 2)));
        assert_eq!(shape(r#"{a(t:"""{ \""" " {""")}"#), Some((8, 2)));
        assert_eq!(shape("{ ...f ... on T { a } }"), Some((10, 2)));
        assert_eq!(shape("\u{feff}{a}"), Some((3, 1)));
    }

    #[test]
    fn nothing_hides_for_want_of_a_space() {
        assert_eq!(shape("{...f...f...f}"), Some((8, 1)));
        assert_eq!(shape("[1-1-1]"), Some((7, 1)));
        assert_eq!(shape("\"\"{\"\"\"\"\"\"{"), Some((4, 2)));
    }

    #[test]
    fn an_open_string_is_no_query() {
        for open in ["\"never", "\"a\n{{{{", "\"\"\" {{", "\"\"\" \\\"\"\" \"", "\"\\"] {
            assert_eq!(shape(open), None, "{open}");
        }
    }
}
