/// What kind of values a column holds, as far as a statement must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Text,
    Integer,
    /// MySQL's, which reaches beyond what a signed number can say.
    Unsigned,
    Decimal,
    Float,
    Date,
    Moment,
    /// A moment with a time zone, shown as it is in China.
    ZonedMoment,
    Bool,
    Uuid,
    Json,
    Array,
    Binary,
    Bit,
    Other,
}

impl Family {
    pub const fn is_number(self) -> bool {
        match self {
            Self::Integer | Self::Unsigned | Self::Decimal | Self::Float => true,
            Self::Text
            | Self::Date
            | Self::Moment
            | Self::ZonedMoment
            | Self::Bool
            | Self::Uuid
            | Self::Json
            | Self::Array
            | Self::Binary
            | Self::Bit
            | Self::Other => false,
        }
    }

    pub const fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::Moment | Self::ZonedMoment)
    }
}
