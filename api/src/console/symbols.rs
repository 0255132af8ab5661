//! The symbols beside answers, drawn by this project: lines of one width in the colour of the text, each in the same square,
//! so that none says more than another. They stand beside words and are silent to a screen reader.

use dolen_domain::instruments::Symbol;

/// A symbol as SVG.
#[must_use]
pub fn drawn(symbol: Symbol) -> String {
    format!(
        "<svg class=\"dolen-pupil__symbol\" viewBox=\"0 0 24 24\" width=\"40\" height=\"40\" fill=\"none\" stroke=\"currentColor\" \
         stroke-width=\"1.5\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\" focusable=\"false\">{}</svg>",
        lines(symbol)
    )
}

/// Four dots in a row, the first so many filled.
macro_rules! dots {
    ($($fill:literal),*) => {
        concat!(
            "<g stroke-width=\"1.2\">", dots!(@ 3.5, 9.2, 14.8, 20.5; $($fill),*), "</g>"
        )
    };
    (@ $($x:literal),*; $($fill:literal),*) => {
        concat!($("<circle cx=\"", $x, "\" cy=\"12\" r=\"2.3\" fill=\"", $fill, "\"/>"),*)
    };
}

/// A line of four stretches, of which it is thick up to here.
macro_rules! time {
    ($to:literal) => {
        concat!(
            "<path d=\"M2 8v8M7 10v4M12 10v4M17 10v4M22 8v8M2 12h20\"/><path stroke-width=\"4\" stroke-linecap=\"butt\" d=\"M2 12H",
            $to,
            "\"/>"
        )
    };
}

/// A speech bubble with something in it.
macro_rules! bubble {
    ($inside:literal) => {
        concat!("<path d=\"M3 4h18v12H11l-5 5v-5H3z\"/>", $inside)
    };
}

/// Its lines. A new symbol without any doesn't compile.
#[expect(clippy::too_many_lines, reason = "one table, readable as a list of drawings")]
const fn lines(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Yes => {
            "<circle cx=\"10\" cy=\"12\" r=\"7\"/><path d=\"M7.5 10v.5M12.5 10v.5M8 15h4M21 6v12M19 8l2-2 2 2M19 16l2 2 2-2\"/>"
        }
        Symbol::No => {
            "<circle cx=\"12\" cy=\"10\" r=\"7\"/><path d=\"M9.5 8v.5M14.5 8v.5M10 13h4M6 21h12M8 19l-2 2 2 2M16 19l2 2-2 2\"/>"
        }
        Symbol::Unsure => {
            "<circle cx=\"12\" cy=\"12\" r=\"9.5\"/><path d=\"M9 9.5a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.1\"/>"
        }
        Symbol::NotSay => bubble!("<path d=\"M2 2l20 20\"/>"),
        Symbol::Other => {
            "<circle cx=\"5\" cy=\"12\" r=\"1.2\"/><circle cx=\"12\" cy=\"12\" r=\"1.2\"/><circle cx=\"19\" cy=\"12\" r=\"1.2\"/>"
        }
        Symbol::Dots0 => dots!("none", "none", "none", "none"),
        Symbol::Dots1 => dots!("currentColor", "none", "none", "none"),
        Symbol::Dots2 => dots!("currentColor", "currentColor", "none", "none"),
        Symbol::Dots3 => dots!("currentColor", "currentColor", "currentColor", "none"),
        Symbol::Dots4 => dots!("currentColor", "currentColor", "currentColor", "currentColor"),
        Symbol::Circle0 => "<circle cx=\"12\" cy=\"12\" r=\"9.5\"/>",
        Symbol::Circle1 => {
            "<circle cx=\"12\" cy=\"12\" r=\"9.5\"/><path fill=\"currentColor\" d=\"M12 12V2.5A9.5 9.5 0 0 1 20.2 16.8z\"/>"
        }
        Symbol::Circle2 => {
            "<circle cx=\"12\" cy=\"12\" r=\"9.5\"/><path fill=\"currentColor\" d=\"M12 12V2.5A9.5 9.5 0 1 1 3.8 16.8z\"/>"
        }
        Symbol::Circle3 => "<circle cx=\"12\" cy=\"12\" r=\"9.5\" fill=\"currentColor\"/>",
        Symbol::Time1 => time!("7"),
        Symbol::Time2 => time!("12"),
        Symbol::Time3 => time!("17"),
        Symbol::Time4 => time!("22"),
        Symbol::Up => "<path d=\"M12 21V3M5 10l7-7 7 7\"/>",
        Symbol::Down => "<path d=\"M12 3v18M5 14l7 7 7-7\"/>",
        Symbol::Same => "<path d=\"M3 9h18M3 15h18\"/>",
        Symbol::Stop => "<circle cx=\"12\" cy=\"12\" r=\"9.5\"/><path d=\"M8.5 8.5h7v7h-7z\"/>",
        Symbol::Person => "<circle cx=\"12\" cy=\"6.5\" r=\"3.5\"/><path d=\"M5 21c0-5 3-8 7-8s7 3 7 8z\"/>",
        Symbol::Two => {
            "<circle cx=\"7\" cy=\"8\" r=\"3\"/><path d=\"M2 20c0-4 2-6.5 5-6.5s5 2.5 5 6.5zM12 20c0-4 2-6.5 5-6.5s5 2.5 5 6.5z\"/><circle cx=\"17\" cy=\"8\" r=\"3\"/>"
        }
        Symbol::Three => {
            "<circle cx=\"12\" cy=\"5\" r=\"2.5\"/><circle cx=\"5\" cy=\"13\" r=\"2.5\"/><circle cx=\"19\" cy=\"13\" r=\"2.5\"/><path d=\"M8.5 12c0-2.5 1.5-4 3.5-4s3.5 1.5 3.5 4M1.5 21c0-3 1.5-5 3.5-5s3.5 2 3.5 5zM15.5 21c0-3 1.5-5 3.5-5s3.5 2 3.5 5z\"/>"
        }
        Symbol::Adult => {
            "<circle cx=\"8\" cy=\"5\" r=\"3\"/><path d=\"M2.5 21c0-7 2-10.5 5.5-10.5s5.5 3.5 5.5 10.5z\"/><circle cx=\"18.5\" cy=\"12.5\" r=\"2.2\"/><path d=\"M15.5 21c0-3.5 1-4.5 3-4.5s3 1 3 4.5z\"/>"
        }
        Symbol::Apart => {
            "<circle cx=\"4.5\" cy=\"9\" r=\"2\"/><circle cx=\"10\" cy=\"9\" r=\"2\"/><circle cx=\"20\" cy=\"9\" r=\"2\"/><path d=\"M2 19c0-3.5 1-5.5 2.5-5.5S7 15.5 7 19M7.5 19c0-3.5 1-5.5 2.5-5.5s2.5 2 2.5 5.5M17.5 19c0-3.5 1-5.5 2.5-5.5s2.5 2 2.5 5.5M15 5v16\" /><path d=\"M2 19h10.5M17.5 19h5\"/>"
        }
        Symbol::Names => bubble!("<path d=\"M6 11l2.5-3 2.5 4 2.5-4 2.5 4 2-3\"/>"),
        Symbol::Talk => bubble!("<path d=\"M6.5 8h11M6.5 12h7\"/>"),
        Symbol::Warning => bubble!("<path d=\"M12 7v3.5M12 13.3v.1\"/>"),
        Symbol::Whisper => {
            "<circle cx=\"5.5\" cy=\"11\" r=\"3.5\"/><circle cx=\"18.5\" cy=\"11\" r=\"3.5\"/><path d=\"M10.5 9.5h1M10.5 11.5h2.5M10.5 13.5h1M1.5 21c0-3 1.5-5 4-5s4 2 4 5M14.5 21c0-3 1.5-5 4-5s4 2 4 5\"/>"
        }
        Symbol::Blow => {
            "<path d=\"M12 2l2 5.5L19.5 5l-2 5.5 5 1.5-5 2 2 5.5-5.5-2.5L12 22l-2-5-5.5 2.5 2-5.5-5-2 5-1.5-2-5.5L10 7.5z\"/>"
        }
        Symbol::Bag => "<path d=\"M5 9a7 7 0 0 1 14 0v12H5zM9 4V3a3 3 0 0 1 6 0v1M8 14h8v4H8z\"/>",
        Symbol::Body => {
            "<circle cx=\"12\" cy=\"8\" r=\"2.5\"/><path d=\"M8 18c0-4 1.5-6 4-6s4 2 4 6z\"/><circle cx=\"12\" cy=\"12\" r=\"10\" stroke-dasharray=\"3 3\"/>"
        }
        Symbol::Letter => "<path d=\"M2 5h20v14H2zM2 5l10 8 10-8\"/>",
        Symbol::Picture => "<path d=\"M2 4h20v16H2zM2 17l6-6 5 5 3-3 6 5\"/><circle cx=\"16\" cy=\"8.5\" r=\"1.5\"/>",
        Symbol::Screen => "<path d=\"M2 4h20v13H2zM8 21h8M12 17v4M6 8h12M6 12h8\"/>",
        Symbol::Mask => "<path d=\"M3 5c6-2 12-2 18 0 0 8-3 15-9 15S3 13 3 5zM7 10h3M14 10h3M8.5 15.5h7\"/>",
        Symbol::Phone => "<path d=\"M7 2h10v20H7zM7 5.5h10M7 18h10M12 20v.1\"/>",
        Symbol::Board => "<path d=\"M2 4h20v12H2zM6 8h8M6 12h5M7 16l-3 6M17 16l3 6\"/>",
        Symbol::Door => "<path d=\"M6 22V2h12v20M3 22h18M15 12v.1\"/>",
        Symbol::Ball => {
            "<circle cx=\"12\" cy=\"12\" r=\"9.5\"/><path d=\"M12 7l4.5 3.3-1.7 5.2H9.2l-1.7-5.2zM12 7V2.5M16.5 10.3l4.5-1.5M14.8 15.5l2.7 4M9.2 15.5l-2.7 4M7.5 10.3L3 8.8\"/>"
        }
        Symbol::Meal => "<path d=\"M5 2v6a3 3 0 0 0 6 0V2M8 2v20M17 22V2c-3 2-4 7-3 11h3\"/>",
        Symbol::Tap => {
            "<path d=\"M3 8h10a5 5 0 0 1 5 5v1h-4v-1a1 1 0 0 0-1-1H3zM9 8V4M6 4h6M16 17c1.5 2 1.5 4 0 4s-1.5-2 0-4z\"/>"
        }
        Symbol::Hanger => "<path d=\"M9.5 5.5A2.5 2.5 0 1 1 12 8v2L2 17v2h20v-2l-10-7\"/>",
        Symbol::Bus => {
            "<path d=\"M2 5h18l2 7v6H2zM2 12h20M8 5v7M14 5v7\"/><circle cx=\"7\" cy=\"18\" r=\"2\"/><circle cx=\"17\" cy=\"18\" r=\"2\"/>"
        }
        Symbol::Path => {
            "<path d=\"M6 22c0-5 10-4 10-9S7 9 7 5c0-1.5 1-2.5 2-3M12 22c0-4 9-3.5 9-9.5S13 8 13 5c0-1.5 1-2.5 2-3\"/>"
        }
        Symbol::Tree => {
            "<path d=\"M12 22v-8M8 22h8M12 2a6 6 0 0 1 5 9 4 4 0 0 1-3 6h-4a4 4 0 0 1-3-6 6 6 0 0 1 5-9z\"/>"
        }
        Symbol::House => "<path d=\"M2 11.5L12 3l10 8.5M5 9v12h14V9M10 21v-6h4v6\"/>",
        Symbol::School => "<path d=\"M2 21V11h6l4-4 4 4h6v10zM12 7V2h5v3h-5M10 21v-5h4v5M5 14v3M19 14v3\"/>",
        Symbol::Mirror => {
            "<path d=\"M12 16v4M8 22h8M8 20h8\"/><circle cx=\"12\" cy=\"9\" r=\"7\"/><path d=\"M9 10l4-4M11 12l4-4\"/>"
        }
        Symbol::Health => "<path d=\"M9 3h6v6h6v6h-6v6H9v-6H3V9h6z\"/>",
        Symbol::Globe => {
            "<circle cx=\"12\" cy=\"12\" r=\"9.5\"/><path d=\"M2.5 12h19M12 2.5c4 3 4 16 0 19M12 2.5c-4 3-4 16 0 19M4.5 7h15M4.5 17h15\"/>"
        }
        Symbol::Candle => "<path d=\"M9 11h6v11H9zM6 22h12M12 11V9M12 2c2.5 3 2.5 5.5 0 6-2.5-.5-2.5-3 0-6z\"/>",
        Symbol::Hearts => {
            "<path d=\"M8 15C4 12 2 10 2 7.5a3 3 0 0 1 6-1 3 3 0 0 1 6 1C14 10 12 12 8 15zM14 11.5a2.7 2.7 0 0 1 3 2 2.7 2.7 0 0 1 5 .5c0 2.5-2 4.5-5 7-2.5-2-4-3.5-4.7-5\"/>"
        }
        Symbol::Pram => {
            "<path d=\"M3 11a9 9 0 0 1 9-9v9zM3 11h17a8 6 0 0 1-8 7 9 7 0 0 1-9-7zM20 11l2-4\"/><circle cx=\"8\" cy=\"20.5\" r=\"1.5\"/><circle cx=\"16\" cy=\"20.5\" r=\"1.5\"/>"
        }
        Symbol::Cake => {
            "<path d=\"M3 21V11h18v10zM3 15c3 3 6-1 9 1s6 2 9-1M8 11V7M12 11V7M16 11V7M8 4v.5M12 4v.5M16 4v.5\"/>"
        }
        Symbol::Book => "<path d=\"M12 6c-3-2-6-2-10-1v14c4-1 7-1 10 1 3-2 6-2 10-1V5c-4-1-7-1-10 1zM12 6v14\"/>",
        Symbol::Ear => {
            "<path d=\"M6 9a6 6 0 0 1 12 0c0 4-4 5-4 9a3.5 3.5 0 0 1-6.5 1.5M9 9.5a3 3 0 0 1 6 0c0 2-2 2-2 4\"/>"
        }
        Symbol::Unheard => {
            "<path d=\"M6 9a6 6 0 0 1 12 0c0 4-4 5-4 9a3.5 3.5 0 0 1-6.5 1.5M9 9.5a3 3 0 0 1 6 0c0 2-2 2-2 4M2 2l20 20\"/>"
        }
        Symbol::Shield => "<path d=\"M12 2l9 3v6c0 6-4 9-9 11-5-2-9-5-9-11V5z\"/>",
        Symbol::Bowed => {
            "<circle cx=\"15\" cy=\"9.5\" r=\"4\"/><path d=\"M3 21c0-7 3-11.5 8.5-11.5M16 21c0-2-.5-4-2-5.5M3 21h13\"/>"
        }
        Symbol::Paper => "<path d=\"M5 2h10l4 4v16H5zM15 2v4h4M8 11h8M8 15h8M8 19h5\"/>",
        Symbol::Eye => "<path d=\"M1.5 12C6 5 18 5 22.5 12 18 19 6 19 1.5 12z\"/><circle cx=\"12\" cy=\"12\" r=\"3\"/>",
        Symbol::Hand => {
            "<path d=\"M7 13V6a1.5 1.5 0 0 1 3 0V4a1.5 1.5 0 0 1 3 0v1a1.5 1.5 0 0 1 3 0v2a1.5 1.5 0 0 1 3 0v8c0 4-2.5 7-6 7-4 0-5.5-2-9-7 0-2 2-2.5 3-1zM10 6v5M13 5v6M16 7v4\"/>"
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// None has a colour of its own, a size of its own or words, and no two are the same.
    #[test]
    fn symbols_are_alike_in_all_but_their_lines() {
        let all: BTreeSet<String> = Symbol::ALL.iter().map(|symbol| drawn(*symbol)).collect();
        assert_eq!(all.len(), Symbol::ALL.len());
        for symbol in Symbol::ALL {
            let lines = lines(*symbol);
            assert!(!lines.contains('#') && !lines.contains("rgb") && !lines.contains("<text"), "{symbol}");
            let fills = lines.matches("fill=\"").count();
            let plain = lines.matches("fill=\"currentColor\"").count() + lines.matches("fill=\"none\"").count();
            assert_eq!(fills, plain, "{symbol}");
            assert!(lines.matches('<').count() == lines.matches('>').count() && !lines.contains("NaN"), "{symbol}");
        }
    }
}
