//! A PDF as another library reads it.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};

/// An element of the structure.
#[derive(Debug, Clone)]
pub struct Element {
    pub role: String,
    pub lang: String,
    pub alt: String,
    pub scope: String,
    /// What is drawn of it, by page and number.
    pub marks: Vec<(ObjectId, i64)>,
}

/// A PDF, read.
pub struct Read {
    document: Document,
    elements: Vec<Element>,
    /// The text of each mark.
    texts: BTreeMap<(ObjectId, i64), String>,
    page_texts: Vec<String>,
    /// The lowest base line of each page, in points from its foot.
    lowest: Vec<f32>,
    /// How much is drawn outside of every mark.
    unmarked: usize,
}

impl Read {
    pub fn of(bytes: &[u8]) -> Self {
        let document = Document::load_mem(bytes).unwrap();
        let mut read = Self {
            document,
            elements: Vec::new(),
            texts: BTreeMap::new(),
            page_texts: Vec::new(),
            lowest: Vec::new(),
            unmarked: 0,
        };
        let root = read.catalog().get(b"StructTreeRoot").unwrap().clone();
        let root = read.dict(&root);
        let kids = root.get(b"K").unwrap().clone();
        read.walk(&kids, None, None);
        let pages: Vec<ObjectId> = read.document.get_pages().into_values().collect();
        for page in pages {
            read.draw(page);
        }
        read
    }

    fn catalog(&self) -> Dictionary {
        self.document.catalog().unwrap().clone()
    }

    fn dict(&self, object: &Object) -> Dictionary {
        self.document.dereference(object).unwrap().1.as_dict().unwrap().clone()
    }

    /// Walks the structure: the elements in the order of reading.
    fn walk(&mut self, kids: &Object, parent: Option<usize>, page: Option<ObjectId>) {
        let kids = self.document.dereference(kids).unwrap().1.clone();
        match kids {
            Object::Array(kids) => {
                for kid in kids {
                    self.walk(&kid, parent, page);
                }
            }
            Object::Integer(mark) => self.elements[parent.unwrap()].marks.push((page.unwrap(), mark)),
            Object::Dictionary(dict) if dict.has(b"MCID") => {
                let page = dict.get(b"Pg").and_then(Object::as_reference).ok().or(page).unwrap();
                let mark = dict.get(b"MCID").unwrap().as_i64().unwrap();
                self.elements[parent.unwrap()].marks.push((page, mark));
            }
            Object::Dictionary(dict) => {
                let said = |key: &[u8]| dict.get(key).map(text_of).unwrap_or_default();
                let role = String::from_utf8(dict.get(b"S").unwrap().as_name().unwrap().to_vec()).unwrap();
                let element = Element {
                    role,
                    lang: said(b"Lang"),
                    alt: said(b"Alt"),
                    scope: self.scope(&dict),
                    marks: Vec::new(),
                };
                self.elements.push(element);
                let (at, page) = (self.elements.len() - 1, dict.get(b"Pg").and_then(Object::as_reference).ok());
                if let Ok(kids) = dict.get(b"K") {
                    self.walk(kids, Some(at), page);
                }
            }
            other => panic!("{other:?} is no part of a structure"),
        }
    }

    fn scope(&self, dict: &Dictionary) -> String {
        let Ok(attributes) = dict.get(b"A") else { return String::new() };
        let attributes = self.document.dereference(attributes).unwrap().1.clone();
        let all = if let Object::Array(all) = attributes { all } else { vec![attributes] };
        let scope = |object: &Object| {
            let scope = self.dict(object).get(b"Scope").ok()?.as_name().ok()?.to_vec();
            String::from_utf8(scope).ok()
        };
        all.iter().find_map(scope).unwrap_or_default()
    }

    /// Follows a page's drawing: which mark each text belongs to, and whether anything belongs to none.
    fn draw(&mut self, page: ObjectId) {
        let fonts: BTreeMap<Vec<u8>, BTreeMap<u16, String>> = {
            let fonts = self.document.get_page_fonts(page).unwrap();
            fonts.into_iter().map(|(name, font)| (name, self.letters(font))).collect()
        };
        let content = Content::decode(&self.document.get_page_content(page)).unwrap();
        let mut open: Vec<Option<i64>> = Vec::new();
        let (mut marked, mut all, mut font, mut lowest) = (false, String::new(), Vec::new(), f32::MAX);
        for operation in content.operations {
            match operation.operator.as_str() {
                "BDC" | "BMC" => {
                    let mark = operation.operands.get(1).and_then(|o| self.properties(page, o));
                    marked = true;
                    open.push(mark);
                    if let Some(mark) = mark {
                        assert!(self.texts.insert((page, mark), String::new()).is_none(), "a mark stands twice");
                    }
                }
                "EMC" => {
                    open.pop();
                    marked = !open.is_empty();
                }
                // Every page is drawn upside down, so a base line counts from the head.
                "Tm" => lowest = lowest.min(842.0 - operation.operands[5].as_float().unwrap()),
                "Tf" => font = operation.operands[0].as_name().unwrap().to_vec(),
                "Tj" | "TJ" => {
                    let mut text = String::new();
                    for codes in strings(&operation.operands[0]) {
                        for code in codes.chunks(2) {
                            let code = u16::from_be_bytes([code[0], code[1]]);
                            text += fonts[&font].get(&code).expect("a letter without a meaning");
                        }
                    }
                    all += &text;
                    self.unmarked += usize::from(!marked);
                    if let Some(Some(mark)) = open.last() {
                        *self.texts.get_mut(&(page, *mark)).unwrap() += &text;
                    }
                }
                "f" | "f*" | "S" | "B" | "B*" | "Do" | "sh" => self.unmarked += usize::from(!marked),
                _ => {}
            }
        }
        assert!(open.is_empty());
        self.page_texts.push(all);
        self.lowest.push(lowest);
    }

    fn properties(&self, page: ObjectId, operand: &Object) -> Option<i64> {
        let dict = match operand {
            Object::Name(name) => {
                let resources = self.document.get_dictionary(page).unwrap().get(b"Resources").unwrap().clone();
                let properties = self.dict(&resources).get(b"Properties").unwrap().clone();
                self.dict(&self.dict(&properties).get(name).unwrap().clone())
            }
            other => self.dict(other),
        };
        dict.get(b"MCID").ok().map(|mark| mark.as_i64().unwrap())
    }

    /// What a font's codes mean, by its map to Unicode.
    fn letters(&self, font: &Dictionary) -> BTreeMap<u16, String> {
        let map = self.document.dereference(font.get(b"ToUnicode").unwrap()).unwrap().1.as_stream().unwrap().clone();
        let map = map.decompressed_content().unwrap_or(map.content);
        let map = String::from_utf8(map).unwrap();
        let hex = |text: &str| text.trim_matches(['<', '>']).to_owned();
        let mut letters = BTreeMap::new();
        let mut inside = false;
        for line in map.lines() {
            inside = (inside || line.contains("beginbfchar")) && !line.contains("endbfchar");
            let words: Vec<&str> = line.split_whitespace().collect();
            if let ([code, meaning], true) = (words.as_slice(), inside && line.starts_with('<')) {
                let meaning = hex(meaning);
                let units: Vec<u16> = meaning
                    .as_bytes()
                    .chunks(4)
                    .map(|c| u16::from_str_radix(str::from_utf8(c).unwrap(), 16).unwrap())
                    .collect();
                letters.insert(u16::from_str_radix(&hex(code), 16).unwrap(), String::from_utf16(&units).unwrap());
            }
        }
        letters
    }

    pub fn roles(&self, role: &str) -> Vec<Element> {
        self.elements.iter().filter(|e| e.role == role).cloned().collect()
    }

    /// What an element's own marks say.
    pub fn text(&self, element: &Element) -> String {
        element.marks.iter().map(|mark| self.texts[mark].as_str()).collect()
    }

    pub fn page_text(&self, page: usize) -> &str {
        &self.page_texts[page]
    }

    pub fn lowest(&self, page: usize) -> f32 {
        self.lowest[page]
    }

    pub fn pages(&self) -> usize {
        self.page_texts.len()
    }

    /// Every mark that is drawn.
    pub fn marked(&self) -> Vec<(ObjectId, i64)> {
        self.texts.keys().copied().collect()
    }

    /// Every mark that is in the structure, sorted.
    pub fn in_tree(&self) -> Vec<(ObjectId, i64)> {
        let all: Vec<_> = self.elements.iter().flat_map(|e| e.marks.iter().copied()).collect();
        let once: BTreeSet<_> = all.iter().copied().collect();
        assert_eq!(once.len(), all.len(), "a mark stands in the structure twice");
        once.into_iter().collect()
    }

    pub fn unmarked(&self) -> usize {
        self.unmarked
    }

    pub fn catalog_lang(&self) -> String {
        text_of(self.catalog().get(b"Lang").unwrap())
    }

    pub fn title(&self) -> String {
        let info = self.document.trailer.get(b"Info").unwrap().clone();
        text_of(self.dict(&info).get(b"Title").unwrap())
    }

    pub fn shows_its_title(&self) -> bool {
        let preferences = self.dict(&self.catalog().get(b"ViewerPreferences").unwrap().clone());
        preferences.get(b"DisplayDocTitle").unwrap().as_bool().unwrap()
    }

    pub fn is_marked(&self) -> bool {
        let info = self.dict(&self.catalog().get(b"MarkInfo").unwrap().clone());
        info.get(b"Marked").unwrap().as_bool().unwrap()
    }

    pub fn xmp(&self) -> String {
        let metadata = self.catalog().get(b"Metadata").unwrap().clone();
        let stream = self.document.dereference(&metadata).unwrap().1.as_stream().unwrap().clone();
        String::from_utf8(stream.decompressed_content().unwrap_or(stream.content)).unwrap()
    }

    pub fn bookmarks(&self) -> Vec<String> {
        let mut found = Vec::new();
        let outlines = self.dict(&self.catalog().get(b"Outlines").unwrap().clone());
        self.bookmarks_below(&outlines, &mut found);
        found
    }

    fn bookmarks_below(&self, node: &Dictionary, found: &mut Vec<String>) {
        let mut next = node.get(b"First").ok().cloned();
        while let Some(at) = next {
            let item = self.dict(&at);
            found.push(text_of(item.get(b"Title").unwrap()));
            self.bookmarks_below(&item, found);
            next = item.get(b"Next").ok().cloned();
        }
    }
}

fn text_of(object: &Object) -> String {
    lopdf::decode_text_string(object).unwrap()
}

fn strings(object: &Object) -> Vec<Vec<u8>> {
    match object {
        Object::String(codes, _) => vec![codes.clone()],
        Object::Array(parts) => parts.iter().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}
