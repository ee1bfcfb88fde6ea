//! Leaves out the outlines that a document does not use. Glyphs keep their numbers, so that nothing else of the font
//! changes. The PDF library could subset only with a layout engine of eighteen more packages behind it.

use std::collections::BTreeSet;
use std::ops::Range;

/// The tables that a font inside a PDF needs; characters are mapped to glyphs by the PDF itself.
const TABLES: [[u8; 4]; 6] = [*b"glyf", *b"head", *b"hhea", *b"hmtx", *b"loca", *b"maxp"];
const HEADER: usize = 12;
const RECORD: usize = 16;
/// Where `head` keeps the sum over the whole file, and the format of `loca`.
const HEAD_SUM: Range<usize> = 8..12;
const HEAD_LOCA_FORMAT: Range<usize> = 50..52;

/// The font with the outlines of `glyphs` and of glyph 0. `None` where the file is not a TrueType font of simple glyphs.
pub(super) fn keep(font: &[u8], glyphs: &BTreeSet<u16>) -> Option<Vec<u8>> {
    let (glyf, loca) = outlines(font, glyphs)?;
    let mut head = table(font, *b"head")?.to_vec();
    head.get_mut(HEAD_SUM)?.copy_from_slice(&[0; 4]);
    head.get_mut(HEAD_LOCA_FORMAT)?
        .copy_from_slice(&1_u16.to_be_bytes());
    let mut contents = Vec::new();
    for tag in TABLES {
        contents.push(match &tag {
            b"glyf" => glyf.clone(),
            b"loca" => loca.clone(),
            b"head" => head.clone(),
            _ => table(font, tag)?.to_vec(),
        });
    }
    let mut file = assemble(&contents)?;
    let adjustment = 0xB1B0_AFBA_u32.wrapping_sub(sum(&file));
    let head_at = record_offset(&file, *b"head")?;
    file.get_mut(head_at + HEAD_SUM.start..head_at + HEAD_SUM.end)?
        .copy_from_slice(&adjustment.to_be_bytes());
    Some(file)
}

/// New `glyf` and (long) `loca`.
fn outlines(font: &[u8], glyphs: &BTreeSet<u16>) -> Option<(Vec<u8>, Vec<u8>)> {
    let (source, index) = (table(font, *b"glyf")?, table(font, *b"loca")?);
    let long = u16_at(table(font, *b"head")?, HEAD_LOCA_FORMAT.start)? == 1;
    let position = |glyph: usize| -> Option<usize> {
        if long {
            usize_at(index, glyph * 4)
        } else {
            Some(usize::from(u16_at(index, glyph * 2)?) * 2)
        }
    };
    let (mut glyf, mut loca) = (Vec::new(), vec![0; 4]);
    for glyph in 0..u16_at(table(font, *b"maxp")?, 4)? {
        let outline = source.get(position(usize::from(glyph))?..position(usize::from(glyph) + 1)?)?;
        if !outline.is_empty() && (glyph == 0 || glyphs.contains(&glyph)) {
            let composite = u16_at(outline, 0)? & 0x8000 != 0;
            if composite {
                return None;
            }
            glyf.extend_from_slice(outline);
            pad(&mut glyf);
        }
        loca.extend_from_slice(&u32::try_from(glyf.len()).ok()?.to_be_bytes());
    }
    Some((glyf, loca))
}

/// Header, table directory and tables.
fn assemble(contents: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut file = vec![0, 1, 0, 0, 0, 6, 0, 64, 0, 2, 0, 32];
    let mut offset = HEADER + RECORD * TABLES.len();
    for (tag, content) in TABLES.iter().zip(contents) {
        file.extend_from_slice(tag);
        for number in [
            sum(content),
            u32::try_from(offset).ok()?,
            u32::try_from(content.len()).ok()?,
        ] {
            file.extend_from_slice(&number.to_be_bytes());
        }
        offset += content.len().next_multiple_of(4);
    }
    for content in contents {
        file.extend_from_slice(content);
        pad(&mut file);
    }
    Some(file)
}

fn table(font: &[u8], tag: [u8; 4]) -> Option<&[u8]> {
    let record = record_at(font, tag)?;
    let start = usize_at(font, record + 8)?;
    font.get(start..start + usize_at(font, record + 12)?)
}

fn record_offset(font: &[u8], tag: [u8; 4]) -> Option<usize> {
    usize_at(font, record_at(font, tag)? + 8)
}

fn record_at(font: &[u8], tag: [u8; 4]) -> Option<usize> {
    let count = usize::from(u16_at(font, 4)?);
    (0..count)
        .map(|index| HEADER + index * RECORD)
        .find(|at| font.get(*at..*at + 4) == Some(tag.as_slice()))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

fn usize_at(bytes: &[u8], at: usize) -> Option<usize> {
    let number = bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)?;
    usize::try_from(number).ok()
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

/// The sum of the bytes as 32-bit words, which a font file carries for each table.
fn sum(bytes: &[u8]) -> u32 {
    bytes.chunks(4).fold(0, |sum, chunk| {
        let mut word = [0; 4];
        word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}
