//! A text as a square of dots that a camera reads.

use std::fmt::Write as _;

use dolen_domain::kernel::{Error, Result};
use qrcode::{Color, EcLevel, QrCode};

/// Dots of quiet around it (ISO/IEC 18004 §9.1).
const QUIET: u16 = 4;

/// A QR code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dots {
    /// How many dots it is wide and high, with the quiet around.
    pub side: u16,
    /// The dark ones as a path of SVG.
    pub path: String,
    /// The dark ones: how far from the left, how far from the top.
    pub(super) dark: Vec<(u16, u16)>,
}

impl Dots {
    /// Draws a text.
    ///
    /// # Errors
    /// When it is too long for one.
    pub fn of(text: &str) -> Result<Self> {
        let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).map_err(Error::internal)?;
        let side = code.width();
        let place = |n: usize| u16::try_from(n).map(|n| n + QUIET).map_err(Error::internal);
        let (mut path, mut dark) = (String::new(), Vec::new());
        for (at, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let (x, y) = (place(at % side)?, place(at / side)?);
                let _ = write!(path, "M{x} {y}h1v1h-1z");
                dark.push((x, y));
            }
        }
        Ok(Self { side: place(side)? + QUIET, path, dark })
    }
}
