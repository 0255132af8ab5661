//! A bar chart as drawing: the same one in a PDF and on a page.
//!
//! Bars lie, so that every label is level and next to its own; the key stands above, the figure beside the bar, and the two
//! kinds of bar differ by their filling, not by colour alone (`facts/ecosystem.md` §1.4). Where a share is only known to lie
//! between two ends, the bar is full up to the lower and striped up to the higher.

use super::model::{Band, Bar, Bars, Key};
use super::sheet::{Area, Ink, Tone};

/// Points of a label's letters.
const SIZE: f32 = 10.0;
const LINE: f32 = SIZE * 1.4;
/// How high a bar is, and what it is compared with.
const THICK: f32 = 12.0;
const THIN: f32 = 8.0;

/// Breaks a text of a size, bold or not, into lines for a room.
type Wrap<'a> = &'a dyn Fn(&str, f32, bool, f32) -> Vec<String>;
/// How wide a text of a size is, bold or not.
type Width<'a> = &'a dyn Fn(&str, f32, bool) -> f32;

/// Draws a chart from the top left corner: what is drawn, and how high it is.
pub(super) fn draw(bars: &Bars, room: f32, wrap: Wrap<'_>, width: Width<'_>) -> (Vec<Ink>, f32) {
    let mut inks = Vec::new();
    let mut y = 0.0;
    if let Some(key) = &bars.key {
        y = draw_key(key, &mut inks, width);
    }
    // The figures stand in a column of their own, as wide as the widest of them.
    let figures = bars.bars.iter().map(|bar| width(&bar.text, SIZE, true)).fold(0.0, f32::max).min(room * 0.4);
    let track = room - figures - 8.0;
    let begin = y + 4.0;
    y = begin;
    for bar in &bars.bars {
        for line in wrap(&bar.label, SIZE, false, room - 4.0) {
            inks.push(Ink::Text { x: 4.0, y: y + SIZE, size: SIZE, bold: false, tone: Tone::Black, text: line });
            y += LINE;
        }
        y = draw_bar(bar, (track, figures), y, &mut inks, wrap);
    }
    inks.splice(0..0, grid(track, begin, y));
    for (percent, at) in ticks(track) {
        let text = format!("{percent}%");
        let x = (at - width(&text, 9.0, false) / 2.0).max(0.0);
        inks.push(Ink::Text { x, y: y + 11.0, size: 9.0, bold: false, tone: Tone::Grey, text });
    }
    (inks, y + 16.0)
}

fn draw_key(key: &Key, inks: &mut Vec<Ink>, width: Width<'_>) -> f32 {
    let mut x = 0.0;
    for (own, text) in [(true, &key.own), (false, &key.compared)] {
        let area = Area { x, y: 2.0, width: 18.0, height: if own { 10.0 } else { THIN } };
        inks.push(if own { Ink::Fill(area, Tone::Blue) } else { Ink::Outline(area, Tone::Grey) });
        x += 23.0;
        inks.push(Ink::Text { x, y: SIZE + 1.0, size: SIZE, bold: false, tone: Tone::Black, text: text.clone() });
        x += width(text, SIZE, false) + 18.0;
    }
    LINE + 4.0
}

fn draw_bar(bar: &Bar, (track, figures): (f32, f32), top: f32, inks: &mut Vec<Ink>, wrap: Wrap<'_>) -> f32 {
    let area =
        |from: f32, to: f32, y: f32, height: f32| Area { x: track * from, y, width: track * (to - from), height };
    let mut y = top;
    if let Some((from, to)) = bar.band.map(Band::ends) {
        // A bar of nothing is still a bar.
        inks.push(Ink::Fill(Area { width: (track * from).max(1.0), ..area(0.0, from, y, THICK) }, Tone::Blue));
        if to > from {
            inks.push(Ink::Stripes(area(from, to, y, THICK), Tone::Blue));
        }
    }
    let mut beside = y;
    for line in wrap(&bar.text, SIZE, true, figures) {
        let text =
            Ink::Text { x: track + 8.0, y: beside + SIZE, size: SIZE, bold: true, tone: Tone::Black, text: line };
        inks.push(text);
        beside += LINE;
    }
    y += THICK + 2.0;
    if let Some((from, to)) = bar.compared.map(Band::ends) {
        inks.push(Ink::Outline(Area { width: (track * from).max(1.0), ..area(0.0, from, y, THIN) }, Tone::Grey));
        if to > from {
            inks.push(Ink::Stripes(area(from, to, y, THIN), Tone::Grey));
        }
        y += THIN + 2.0;
    }
    y.max(beside) + 6.0
}

fn ticks(track: f32) -> impl Iterator<Item = (u8, f32)> {
    [0_u8, 25, 50, 75, 100].into_iter().map(move |percent| (percent, track * f32::from(percent) / 100.0))
}

fn grid(track: f32, top: f32, bottom: f32) -> Vec<Ink> {
    let rule = |(_, x)| Ink::Rule { from: (x, top), to: (x, bottom), tone: Tone::Pale, dashed: false };
    ticks(track).map(rule).collect()
}
