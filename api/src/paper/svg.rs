//! A bar chart for a page: SVG that says what it shows.

use std::fmt::Write as _;

use dolen_domain::kernel::Result;

use super::bars;
use super::face::Face;
use super::model::Bars;
use super::sheet::{Area, Ink, Tone, stripes};

/// How wide a chart is, in its own units. A page scales it.
const WIDTH: f32 = 483.0;

/// The chart as SVG. `id` is an id no other element of the page has, of letters, digits and hyphens.
///
/// Its colours and sizes are attributes and its typeface the page's (class `dolen-bars`), as the pages' policy allows no
/// style in an element. The title is read, not drawn: a page's heading stands above it, and a table beside it.
///
/// # Errors
/// When the letters can't be measured.
pub fn svg(chart: &Bars, id: &str) -> Result<String> {
    let face = Face::embedded()?;
    // A page's typeface is another one: some room is left for it. A text has room in what it is said to be wide.
    let wrap = |text: &str, size: f32, bold: bool, room: f32| face.lines(text, size, bold, room * 0.85);
    let width = |text: &str, size: f32, bold: bool| face.width(text, size, bold) * 1.2;
    let (inks, height) = bars::draw(chart, WIDTH, &wrap, &width);
    let mut out = String::new();
    let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let lang = chart.lang.tag();
    let _ = write!(
        out,
        "<svg class=\"dolen-bars\" role=\"img\" lang=\"{lang}\" viewBox=\"-1 0 {} {}\" aria-labelledby=\"{id}-title\" \
         aria-describedby=\"{id}-text\" focusable=\"false\" xmlns=\"http://www.w3.org/2000/svg\">",
        round(WIDTH + 2.0),
        round(height)
    );
    let _ = write!(out, "<title id=\"{id}-title\">{}</title>", escaped(&chart.title));
    let _ = write!(out, "<desc id=\"{id}-text\">{}</desc>", escaped(&chart.alt));
    for ink in inks {
        draw(&mut out, ink);
    }
    out.push_str("</svg>");
    Ok(out)
}

fn draw(out: &mut String, ink: Ink) {
    let _ = match ink {
        Ink::Text { x, y, size, bold, tone, text } => write!(
            out,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{} fill=\"{}\">{}</text>",
            round(x),
            round(y),
            round(size),
            if bold { " font-weight=\"700\"" } else { "" },
            color(tone),
            escaped(&text)
        ),
        Ink::Fill(area, tone) => write!(out, "<rect {} fill=\"{}\"/>", edges(area), color(tone)),
        Ink::Outline(area, tone) => {
            write!(out, "<rect {} fill=\"none\" stroke=\"{}\" stroke-width=\"1.2\"/>", edges(area), color(tone))
        }
        Ink::Stripes(area, tone) => {
            let mut path = String::new();
            for x in stripes(area) {
                let _ = write!(path, "M{} {}v{}", round(x), round(area.y), round(area.height));
            }
            write!(
                out,
                "<rect {} fill=\"none\" stroke=\"{1}\"/><path d=\"{path}\" fill=\"none\" stroke=\"{1}\"/>",
                edges(area),
                color(tone)
            )
        }
        Ink::Rule { from, to, tone, dashed } => write!(
            out,
            "<path d=\"M{} {}L{} {}\" fill=\"none\" stroke=\"{}\" stroke-width=\"0.7\"{}/>",
            round(from.0),
            round(from.1),
            round(to.0),
            round(to.1),
            color(tone),
            if dashed { " stroke-dasharray=\"4 4\"" } else { "" }
        ),
        // No chart has them; a page draws its QR codes itself.
        Ink::Squares { .. } => Ok(()),
    };
}

fn edges(area: Area) -> String {
    let Area { x, y, width, height } = area;
    format!("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", round(x), round(y), round(width), round(height))
}

/// Two places are enough for a screen, and are the same on every machine.
fn round(number: f32) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn color(tone: Tone) -> String {
    let (red, green, blue) = tone.rgb();
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
