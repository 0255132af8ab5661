//! The writers, read back by other programs' libraries.

pub(crate) mod reading;
mod tables;

use dolen_domain::kernel::Lang;

use super::{
    Band, Bar, Bars, Block, Card, CardLine, Cards, Column, Dots, Key, Level, Note, Paper, Table, pdf, said, svg,
};
use reading::Read;

fn column(name: &str, numeric: bool) -> Column {
    Column { name: name.to_owned(), numeric }
}

fn chart() -> Bars {
    let band = |from, to| Some(Band { from, to });
    let bar = |label: &str, band, compared, text: &str| {
        let (label, text) = (label.to_owned(), text.to_owned());
        Bar { label, band, compared, text }
    };
    Bars {
        lang: Lang::En,
        title: "Bullied two or three times a month or more".to_owned(),
        alt: "This school 12% to 15%, all schools 11%. Year 8: not shown.".to_owned(),
        key: Some(Key { own: "This school".to_owned(), compared: "All schools".to_owned() }),
        bars: vec![
            bar("All years", band(120, 150), band(110, 110), "12% to 15%"),
            bar("Year 7 <girls> & boys", band(300, 300), band(200, 260), "30%"),
            bar("Year 8", None, band(90, 110), "c"),
            bar("Year 9", band(2000, 0), None, "0% to 100%"),
        ],
    }
}

fn table(rows: usize) -> Table {
    let row = |n: usize| {
        let label = format!("Galw enwau cas arna i, neu wneud hwyl am fy mhen, rhes {n}");
        vec![label, format!("{n}"), "12%".to_owned(), "c".to_owned()]
    };
    Table {
        lang: Lang::Cy,
        caption: "Beth ddigwyddodd".to_owned(),
        columns: vec![
            column("Math o fwlio", false),
            column("Disgyblion", true),
            column("Yr ysgol hon", true),
            column("Pob ysgol", true),
        ],
        rows: (0..rows).map(row).collect(),
    }
}

fn cards(count: usize) -> Cards {
    let line = |lang, text: &str, big| CardLine { said: said(lang, text), big };
    let card = |n: usize| Card {
        lines: vec![
            line(Lang::Cy, "Arolwg bwlio 2026 · 8 Glas", false),
            line(Lang::Cy, &format!("mynydd dafad coeden {}", 1000 + n), true),
            line(Lang::En, &format!("mountain sheep tree {}", 1000 + n), true),
            line(Lang::En, "https://dolen.example/survey", false),
        ],
        dots: Dots::of("https://dolen.example/survey?code=mountain-sheep-tree-1000").unwrap(),
        alt: said(Lang::Cy, "Cod QR"),
    };
    Cards { cards: (0..count).map(card).collect() }
}

/// One of everything.
fn paper() -> Paper {
    let long = "Mae'r ysgol yn gofyn i'r disgyblion beth sy'n digwydd iddyn nhw. ".repeat(12);
    let note = Note {
        title: Some(said(Lang::Cy, "Cofiwch")),
        text: vec![
            said(Lang::Cy, "Ni chaiff neb edrych ar sgrin: tŷ, dŵr, Ŵy, w\u{302}y\u{302}n."),
            said(Lang::En, "Nobody looks at screens."),
        ],
    };
    Paper {
        title: "Canlyniadau'r arolwg".to_owned(),
        lang: Lang::Cy,
        blocks: vec![
            Block::Heading(Level::One, said(Lang::Cy, "Canlyniadau'r arolwg")),
            Block::Paragraph(said(Lang::Cy, long)),
            Block::Note(note),
            Block::Heading(Level::Two, said(Lang::En, "What pupils said")),
            Block::List(vec![said(Lang::En, "First \u{1F600}"), said(Lang::Cy, "Ail")]),
            Block::Bars(chart()),
            Block::Heading(Level::Three, said(Lang::Cy, "Tabl")),
            Block::Table(table(40)),
            Block::PageBreak,
            Block::Cards(cards(7)),
        ],
    }
}

#[test]
fn a_pdf_says_what_it_is_and_in_which_language() {
    let read = Read::of(&pdf(&paper()).unwrap());
    assert_eq!(read.catalog_lang(), "cy");
    assert_eq!(read.title(), "Canlyniadau'r arolwg");
    assert!(read.shows_its_title() && read.is_marked());
    assert!(read.xmp().contains("<pdfuaid:part>1</pdfuaid:part>"));
    assert_eq!(read.roles("Document").len(), 1);
    for role in
        ["H1", "H2", "H3", "P", "L", "LI", "Lbl", "LBody", "Table", "Caption", "THead", "TR", "TH", "TD", "Figure"]
    {
        assert!(!read.roles(role).is_empty(), "{role}");
    }
    let of = |role: &str| read.roles(role).iter().map(|e| e.lang.clone()).collect::<Vec<_>>();
    assert_eq!(of("H2"), ["en"]);
    assert_eq!(of("LBody"), ["en", "cy"]);
    let said = |role: &str| read.roles(role).iter().map(|e| read.text(e)).collect::<Vec<_>>();
    assert_eq!(said("H1"), ["Canlyniadau'r arolwg"]);
    assert_eq!(said("LBody"), ["First ?", "Ail"]);
    assert_eq!(read.bookmarks(), ["Canlyniadau'r arolwg", "What pupils said", "Tabl"]);
}

#[test]
fn every_mark_is_in_the_structure_or_is_said_to_be_none() {
    let read = Read::of(&pdf(&paper()).unwrap());
    assert!(read.pages() >= 4, "{}", read.pages());
    let (marked, in_tree) = (read.marked(), read.in_tree());
    assert!(marked.len() > 200);
    // Each once: what is read twice, or never, is a mistake.
    assert_eq!(marked, in_tree);
    assert_eq!(read.unmarked(), 0, "something is drawn outside of every mark");
}

#[test]
fn figures_have_an_alternative_and_one_without_is_refused() {
    let read = Read::of(&pdf(&paper()).unwrap());
    let alts: Vec<String> = read.roles("Figure").iter().map(|e| e.alt.clone()).collect();
    assert_eq!(alts.len(), 8);
    assert_eq!(alts[0], chart().alt);
    assert!(alts[1..].iter().all(|alt| alt == "Cod QR"));

    let with = |alt: &str| {
        let mut paper = paper();
        paper.blocks.push(Block::Bars(Bars { alt: alt.to_owned(), ..chart() }));
        pdf(&paper)
    };
    assert!(with("").is_err());
    assert!(with("Said.").is_ok());
    assert!(pdf(&Paper { title: " ".to_owned(), ..paper() }).is_err());
}

#[test]
fn a_long_table_has_its_head_on_every_page_and_is_read_once() {
    let mut one = paper();
    one.blocks = vec![
        Block::Heading(Level::One, said(Lang::Cy, "Tabl")),
        Block::Table(table(60)),
        Block::Heading(Level::Two, said(Lang::Cy, "Un rhes")),
        Block::Table(Table { rows: vec![vec!["gair ".repeat(3000), "1".to_owned()]], ..table(0) }),
    ];
    let read = Read::of(&pdf(&one).unwrap());
    assert!(read.pages() > 3);
    let tables = read.roles("Table");
    assert_eq!(tables.len(), 2);
    let heads: Vec<_> = read.roles("TH").into_iter().filter(|e| e.scope == "Column").collect();
    assert_eq!(heads.len(), 8, "the head is read once for each table");
    let rows: Vec<_> = read.roles("TH").into_iter().filter(|e| e.scope == "Row").collect();
    assert_eq!(rows.len(), 61);
    assert_eq!(read.text(&rows[59]), table(60).rows[59][0]);
    // A row longer than a page loses nothing.
    assert_eq!(read.text(&rows[60]), "gair ".repeat(3000).trim());
    for page in 0..3 {
        assert!(read.page_text(page).contains("Math o fwlio"), "page {page} has no head");
    }
    // What is only a frame says nothing itself: the heads that are seen again are not read again.
    for role in ["Document", "Table", "THead", "TBody", "TR"] {
        assert!(read.roles(role).iter().all(|e| e.marks.is_empty()), "{role}");
    }
    // Each row has as many cells as the table has columns.
    assert_eq!(read.roles("TD").len(), 61 * 3);
    assert_eq!(read.marked(), read.in_tree());
}

#[test]
fn the_same_paper_is_the_same_file() {
    let first = pdf(&paper()).unwrap();
    for _ in 0..3 {
        assert!(pdf(&paper()).unwrap() == first);
    }
    let mut other = paper();
    other.blocks.pop();
    assert!(pdf(&other).unwrap() != first);
}

#[test]
fn a_paper_can_be_anything() {
    let only = |block: Block| {
        let heading = Block::Heading(Level::One, said(Lang::En, "x"));
        pdf(&Paper { title: "x".to_owned(), lang: Lang::En, blocks: vec![heading, block] })
    };
    let empty = Table { columns: Vec::new(), rows: vec![vec!["lost".to_owned()]], ..table(0) };
    let wide = Table { columns: (0..40).map(|n| column(&format!("Colofn {n}"), n % 2 == 0)).collect(), ..table(3) };
    let none = Bars { bars: Vec::new(), key: None, ..chart() };
    let many = Bars { bars: chart().bars.into_iter().cycle().take(60).collect(), ..chart() };
    let blocks = [
        Block::Paragraph(said(Lang::En, "")),
        Block::Paragraph(said(Lang::En, "\u{7}\u{202e}עברית 中文\n\n\n")),
        Block::List(Vec::new()),
        Block::Note(Note { title: None, text: Vec::new() }),
        Block::Table(empty),
        Block::Table(wide),
        Block::Bars(none),
        Block::Bars(many),
        Block::Cards(Cards { cards: Vec::new() }),
        Block::PageBreak,
    ];
    for block in blocks {
        let told = format!("{block:?}");
        assert!(only(block).is_ok(), "{}", told.chars().take(200).collect::<String>());
    }
}

#[test]
fn a_chart_longer_than_a_page_goes_on_on_the_next() {
    let many = Bars { bars: chart().bars.into_iter().cycle().take(60).collect(), ..chart() };
    let heading = Block::Heading(Level::One, said(Lang::En, "x"));
    let long = Paper { title: "x".to_owned(), lang: Lang::En, blocks: vec![heading, Block::Bars(many)] };
    let read = Read::of(&pdf(&long).unwrap());
    let lowest = |page| read.lowest(page);
    assert!(read.pages() > 2 && (0..read.pages()).all(|page| lowest(page) > 20.0), "something is below the page");
    assert_eq!(read.roles("Figure").len(), 4);
}

#[test]
fn a_chart_says_what_it_shows_and_brings_no_style() {
    let drawn = svg(&chart(), "bars-1\" onload=\"x").unwrap();
    assert!(drawn.starts_with("<svg class=\"dolen-bars\" role=\"img\" lang=\"en\""));
    assert!(drawn.contains("aria-labelledby=\"bars-1onloadx-title\"") && !drawn.contains("onload=\""));
    assert!(drawn.contains("<desc id=\"bars-1onloadx-text\">This school 12% to 15%, all schools 11%."));
    assert!(drawn.contains(">Year 7 &lt;girls&gt; &amp; boys</text>") && drawn.contains(">12% to 15%</text>"));
    assert!(!drawn.contains("style=") && !drawn.contains("<style") && !drawn.contains("script"));
    // The two kinds differ by more than their colour, and a band's open part is striped.
    assert!(
        drawn.contains("fill=\"#12436d\"") && drawn.contains("fill=\"none\" stroke=\"#595959\" stroke-width=\"1.2\"")
    );
    assert!(drawn.contains("<path d=\"M"));
    assert_eq!(svg(&chart(), "a").unwrap(), svg(&chart(), "a").unwrap());
}

/// The widest figure of a chart makes its column, and breaks nowhere.
#[test]
fn a_range_stands_on_one_line() {
    let mut chart = chart();
    for text in ["0–5%", "100–100%", "two words wide"] {
        chart.bars.iter_mut().for_each(|bar| text.clone_into(&mut bar.text));
        let drawn = svg(&chart, "a").unwrap();
        assert_eq!(drawn.matches(&format!(">{text}</text>")).count(), chart.bars.len(), "{drawn}");
    }
}
