//! Scripts that the documents' own faces lack: Arabic, Hebrew, Chinese, Japanese, Korean, Indic and more, from the Noto
//! fonts of the system that draws.
//!
//! They are found in folders instead of being part of the binary, because the fonts of China, Japan and Korea alone are
//! 40 MB. Of a font only the outlines that a document uses are drawn into it, so that any format of font will do and
//! documents stay small; the words themselves stay beside them for searching and copying.

mod outline;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use model::InvoiceDocument;
use rustybuzz::{Direction, UnicodeBuffer};

use crate::font::Face;

pub(crate) use outline::Ring;

/// The folders in which fonts for further scripts are looked for. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct ScriptFonts {
    folders: Arc<[PathBuf]>,
}

impl ScriptFonts {
    /// Looks in these folders for the files of the Noto fonts, as Debian names them (`NotoSansArabic-Regular.ttf`). Where
    /// a font is missing, its letters print as boxes.
    pub fn in_folders(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            folders: folders.into_iter().collect(),
        }
    }

    /// In `own`, then where Debian's packages `fonts-noto-core` and `fonts-noto-cjk` put them.
    pub fn of_system(own: PathBuf) -> Self {
        let noto = ["/usr/share/fonts/truetype/noto", "/usr/share/fonts/opentype/noto"];
        Self::in_folders([own].into_iter().chain(noto.map(PathBuf::from)))
    }

    fn read(&self, stem: &str, face: Face) -> Option<Vec<u8>> {
        let weights: &[&str] = match face {
            Face::Regular => &["Regular"],
            Face::SemiBold => &["SemiBold", "Bold", "Regular"],
        };
        let extension = if stem == CJK { "ttc" } else { "ttf" };
        let names = weights
            .iter()
            .map(|weight| format!("{stem}-{weight}.{extension}"));
        names
            .flat_map(|name| self.folders.iter().map(move |folder| folder.join(&name)))
            .find_map(|path| std::fs::read(path).ok())
    }
}

const CJK: &str = "NotoSansCJK";

/// Blocks of letters and the font that has them.
const BLOCKS: [(u32, u32, &str); 43] = [
    (0x0530, 0x058F, "NotoSansArmenian"),
    (0x0590, 0x05FF, "NotoSansHebrew"),
    (0x0600, 0x06FF, "NotoSansArabic"),
    (0x0700, 0x074F, "NotoSansSyriac"),
    (0x0750, 0x077F, "NotoSansArabic"),
    (0x0780, 0x07BF, "NotoSansThaana"),
    (0x08A0, 0x08FF, "NotoSansArabic"),
    (0x0900, 0x097F, "NotoSansDevanagari"),
    (0x0980, 0x09FF, "NotoSansBengali"),
    (0x0A00, 0x0A7F, "NotoSansGurmukhi"),
    (0x0A80, 0x0AFF, "NotoSansGujarati"),
    (0x0B00, 0x0B7F, "NotoSansOriya"),
    (0x0B80, 0x0BFF, "NotoSansTamil"),
    (0x0C00, 0x0C7F, "NotoSansTelugu"),
    (0x0C80, 0x0CFF, "NotoSansKannada"),
    (0x0D00, 0x0D7F, "NotoSansMalayalam"),
    (0x0D80, 0x0DFF, "NotoSansSinhala"),
    (0x0E00, 0x0E7F, "NotoSansThai"),
    (0x0E80, 0x0EFF, "NotoSansLao"),
    (0x0F00, 0x0FFF, "NotoSerifTibetan"),
    (0x1000, 0x109F, "NotoSansMyanmar"),
    (0x10A0, 0x10FF, "NotoSansGeorgian"),
    (0x1100, 0x11FF, CJK),
    (0x1200, 0x139F, "NotoSansEthiopic"),
    (0x13A0, 0x13FF, "NotoSansCherokee"),
    (0x1780, 0x17FF, "NotoSansKhmer"),
    (0x1800, 0x18AF, "NotoSansMongolian"),
    (0x1C90, 0x1CBF, "NotoSansGeorgian"),
    (0x2D00, 0x2D2F, "NotoSansGeorgian"),
    (0x2E80, 0x2FDF, CJK),
    (0x3000, 0x9FFF, CJK),
    (0xA8E0, 0xA8FF, "NotoSansDevanagari"),
    (0xA960, 0xA97F, CJK),
    (0xAA60, 0xAA7F, "NotoSansMyanmar"),
    (0xAC00, 0xD7FF, CJK),
    (0xF900, 0xFAFF, CJK),
    (0xFB13, 0xFB17, "NotoSansArmenian"),
    (0xFB1D, 0xFB4F, "NotoSansHebrew"),
    (0xFB50, 0xFDFF, "NotoSansArabic"),
    (0xFE30, 0xFE4F, CJK),
    (0xFE70, 0xFEFE, "NotoSansArabic"),
    (0xFF00, 0xFFEF, CJK),
    (0x2_0000, 0x3_134F, CJK),
];

/// The font of a letter that the documents' own faces lack.
pub(crate) fn stem_of(letter: char) -> &'static str {
    let code = u32::from(letter);
    let block = BLOCKS.iter().find(|(from, to, _)| (*from..=*to).contains(&code));
    block.map_or("NotoSans", |(_, _, stem)| stem)
}

/// A shaped stretch of one script: outlines from its left end on, in thousandths of the size, and its width.
pub(crate) struct Shaped {
    pub(crate) rings: Vec<Ring>,
    pub(crate) width: f32,
}

/// Opened fonts; none where the font is not there.
type Opened = BTreeMap<(Face, &'static str), Option<Rc<Vec<u8>>>>;

/// The further scripts of one document. Fonts are read when a letter of theirs comes, and let go with the document.
pub(crate) struct Scripts {
    fonts: ScriptFonts,
    /// Which of the forms of Chinese characters: Japan 0, Korea 1, China 2, Taiwan 3, Hong Kong 4.
    region: u32,
    opened: RefCell<Opened>,
}

impl Scripts {
    pub(crate) fn of(fonts: &ScriptFonts, document: &InvoiceDocument) -> Self {
        let region = |country: &str| match country {
            "JP" => Some(0),
            "KR" => Some(1),
            "CN" => Some(2),
            "TW" => Some(3),
            "HK" | "MO" => Some(4),
            _ => None,
        };
        let of_buyer = region(&document.buyer.country);
        Self {
            fonts: fonts.clone(),
            region: of_buyer.or_else(|| region(&document.seller.country)).unwrap_or(2),
            opened: RefCell::default(),
        }
    }

    fn bytes(&self, face: Face, stem: &'static str) -> Option<Rc<Vec<u8>>> {
        let mut opened = self.opened.borrow_mut();
        let read = || self.fonts.read(stem, face).map(Rc::new);
        opened.entry((face, stem)).or_insert_with(read).clone()
    }

    fn with_font<T>(
        &self,
        face: Face,
        stem: &'static str,
        answer: impl FnOnce(&rustybuzz::Face<'_>) -> T,
    ) -> Option<T> {
        let bytes = self.bytes(face, stem)?;
        let index = if stem == CJK { self.region } else { 0 };
        let font = rustybuzz::Face::from_slice(&bytes, index)?;
        Some(answer(&font))
    }

    /// Whether a font has the letter.
    pub(crate) fn knows(&self, letter: char) -> bool {
        let known = self.with_font(Face::Regular, stem_of(letter), |font| {
            font.glyph_index(letter).is_some()
        });
        known.unwrap_or(false)
    }

    /// Letters of one font, joined and placed as its script wants it; none where the font is not there.
    pub(crate) fn shape(&self, face: Face, stem: &'static str, text: &str, to_left: bool) -> Option<Shaped> {
        self.with_font(face, stem, |font| {
            let mut buffer = UnicodeBuffer::new();
            buffer.push_str(text);
            buffer.guess_segment_properties();
            buffer.set_direction(if to_left {
                Direction::RightToLeft
            } else {
                Direction::LeftToRight
            });
            outline::drawn(font, &rustybuzz::shape(font, &[], buffer))
        })
    }
}
