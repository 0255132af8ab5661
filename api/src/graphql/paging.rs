//! Relay connections over the domain's pages. A connection costs its page: objects are counted, not the plain fields on
//! them, so that the largest page of a list with one object below each item is just within the default limit.

use std::borrow::Cow;

use async_graphql::{ComplexObject, OutputType, SimpleObject, TypeName};
use dolen_domain::kernel::{Code, Cursor, Error, Page, PageRequest, Result};

/// The largest page.
pub const LARGEST: i32 = 100;
/// The page when `first` is not said.
pub const USUAL: i32 = 20;

/// What a connection costs: its page times what each item costs. For `#[graphql(complexity = …)]`.
#[must_use]
pub fn page_cost(first: Option<i32>, child: usize) -> usize {
    let page = usize::try_from(first.unwrap_or(USUAL)).unwrap_or(1).max(1);
    // Nothing below but `pageInfo` still reads the page.
    page.saturating_mul(child).max(1)
}

/// The size of the page asked for.
///
/// # Errors
/// [`Code::InvalidParameter`] outside 1 to 100.
pub fn size(first: Option<i32>) -> Result<i32> {
    let first = first.unwrap_or(USUAL);
    if (1..=LARGEST).contains(&first) {
        return Ok(first);
    }
    Err(Error::new(Code::InvalidParameter).with_detail("first is a whole number from 1 to 100"))
}

/// The page asked for.
///
/// # Errors
/// [`Code::InvalidParameter`] or [`Code::InvalidCursor`].
pub fn request(first: Option<i32>, after: Option<&str>) -> Result<PageRequest> {
    PageRequest::read(Some(size(first)?.into()), after)
}

/// Where a page lies in its list.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Whether the page does not begin at the list's start.
    pub has_previous_page: bool,
    /// Whether items follow.
    pub has_next_page: bool,
    /// Cursor of the first item.
    pub start_cursor: Option<String>,
    /// Cursor of the last item: give it as `after` for the next page.
    pub end_cursor: Option<String>,
}

/// An item and its place in the list.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub struct Edge<N: OutputType> {
    /// Its place, opaque.
    #[graphql(complexity = 0)]
    pub cursor: String,
    /// The item.
    pub node: N,
}

impl<N: OutputType> TypeName for Edge<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", N::type_name()).into()
    }
}

/// A page of a list.
#[derive(SimpleObject)]
#[graphql(name_type, complex)]
pub struct Connection<N: OutputType> {
    /// The items with their places.
    #[graphql(complexity = "child_complexity")]
    pub edges: Vec<Edge<N>>,
    /// Where the page lies.
    #[graphql(complexity = 0)]
    pub page_info: PageInfo,
}

/// The items themselves.
#[ComplexObject]
impl<N: OutputType> Connection<N> {
    /// The items.
    async fn nodes(&self) -> Vec<&N> {
        self.edges.iter().map(|e| &e.node).collect()
    }
}

impl<N: OutputType> TypeName for Connection<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", N::type_name()).into()
    }
}

impl<N: OutputType> Connection<N> {
    /// A connection of items with their cursors.
    #[must_use]
    pub fn new(edges: Vec<Edge<N>>, begun: bool, more: bool) -> Self {
        Self {
            page_info: PageInfo {
                has_previous_page: begun,
                has_next_page: more,
                start_cursor: edges.first().map(|e| e.cursor.clone()),
                end_cursor: edges.last().map(|e| e.cursor.clone()),
            },
            edges,
        }
    }

    /// A connection of a page of the domain's.
    pub fn of<T>(
        page: Page<T>,
        request: &PageRequest,
        place: impl Fn(&T) -> Cursor,
        mut node: impl FnMut(T) -> N,
    ) -> Self {
        let more = page.next.is_some();
        let edges = page.items.into_iter().map(|item| Edge { cursor: place(&item).encode(), node: node(item) });
        Self::new(edges.collect(), request.after.is_some(), more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_costs_its_items_and_no_size_overflows() {
        assert_eq!(page_cost(None, 2), 40);
        assert_eq!(page_cost(Some(100), 2), 200);
        assert_eq!(page_cost(Some(-5), 2), 2);
        assert_eq!(page_cost(Some(i32::MAX), usize::MAX), usize::MAX);
        assert!(size(Some(0)).is_err() && size(Some(101)).is_err());
        assert_eq!(size(Some(100)).unwrap(), 100);
    }
}
