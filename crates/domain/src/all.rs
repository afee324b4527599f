/// The values of an enum without content, in the order in which they are shown, to be its `ALL`. One that is missing, or
/// is there twice, does not compile:
///
/// ```
/// enum Hand { Left, Right }
/// impl Hand { const ALL: [Self; 2] = domain::all![Left, Right]; }
/// ```
///
/// ```compile_fail,E0004
/// enum Hand { Left, Right }
/// impl Hand { const ALL: [Self; 1] = domain::all![Left]; }
/// ```
#[macro_export]
macro_rules! all {
    ($($value:ident),+ $(,)?) => {{
        let _: fn(Self) = |value| match value {
            $(Self::$value => (),)+
        };
        [$(Self::$value),+]
    }};
}
