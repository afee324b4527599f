//! What a kind is called elsewhere.

use domain::map::Kind;

/// The default fideslang category of a kind.
pub(crate) const fn fides(kind: Kind) -> &'static str {
    match kind {
        Kind::Name => "user.name",
        Kind::Mobile | Kind::Phone => "user.contact.phone_number",
        Kind::Email => "user.contact.email",
        Kind::Address => "user.contact.address",
        Kind::Region => "user.contact.address.state",
        Kind::ResidentId => "user.government_id.national_identification_number",
        Kind::BirthDate => "user.demographic.date_of_birth",
        Kind::Gender => "user.demographic.gender",
        Kind::BankCard => "user.financial.bank_account",
        Kind::Plate => "user.government_id.vehicle_registration",
        Kind::Account => "user.account.username",
        Kind::IpAddress => "user.device.ip_address",
        Kind::Location => "user.location.precise",
        Kind::File => "user.content.self_image",
        Kind::Secret => "user.authorization.password",
        Kind::Text => "user.content",
        Kind::Amount => "user.financial",
        Kind::Uscc | Kind::WaybillNo | Kind::Date | Kind::Plain => "system.operations",
    }
}

/// The kind of a fideslang category: the longest known beginning decides.
pub(crate) fn from_fides(category: &str, field: &str) -> Kind {
    const KNOWN: [(&str, Kind); 27] = [
        ("user.name", Kind::Name),
        ("user.contact.phone_number", Kind::Phone),
        ("user.contact.fax_number", Kind::Phone),
        ("user.contact.email", Kind::Email),
        ("user.contact.address.state", Kind::Region),
        ("user.contact.address.city", Kind::Region),
        ("user.contact.address.country", Kind::Region),
        ("user.contact.address.postal_code", Kind::Region),
        ("user.contact.address", Kind::Address),
        ("user.government_id.national_identification_number", Kind::ResidentId),
        ("user.government_id.vehicle_registration", Kind::Plate),
        ("user.financial.bank_account", Kind::BankCard),
        ("user.financial.credit_card", Kind::BankCard),
        ("user.financial", Kind::Amount),
        ("user.location", Kind::Location),
        ("user.device.ip_address", Kind::IpAddress),
        ("user.device", Kind::Account),
        ("user.account", Kind::Account),
        ("user.unique_id", Kind::Account),
        ("user.demographic.date_of_birth", Kind::BirthDate),
        ("user.demographic.gender", Kind::Gender),
        ("user.content.self_image", Kind::File),
        ("user.authorization", Kind::Secret),
        ("system.authentication", Kind::Secret),
        ("user.biometric", Kind::File),
        ("system", Kind::Plain),
        ("user", Kind::Text),
    ];
    let begins =
        |known: &str| category == known || category.strip_prefix(known).is_some_and(|rest| rest.starts_with('.'));
    let kind = KNOWN.iter().find(|(known, _)| begins(known)).map_or(Kind::Text, |(_, kind)| *kind);
    let mobile = ["mobile", "cell", "shouji", "手机"].iter().any(|hint| field.to_lowercase().contains(hint));
    if kind == Kind::Phone && mobile { Kind::Mobile } else { kind }
}

/// The class of DPV's extension for personal data; `None` for what is not about a person.
pub(crate) const fn dpv(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Name => Some("pd:Name"),
        Kind::Mobile | Kind::Phone => Some("pd:TelephoneNumber"),
        Kind::Email => Some("pd:EmailAddress"),
        Kind::Address => Some("pd:PhysicalAddress"),
        Kind::Region => Some("pd:Region"),
        Kind::ResidentId => Some("pd:OfficialID"),
        Kind::BirthDate => Some("pd:BirthDate"),
        Kind::Gender => Some("pd:Gender"),
        Kind::BankCard => Some("pd:PaymentCardNumber"),
        Kind::Plate => Some("pd:VehicalLicenseRegistration"),
        Kind::Account => Some("pd:Username"),
        Kind::IpAddress => Some("pd:IPAddress"),
        Kind::Location => Some("pd:Location"),
        Kind::File => Some("pd:Picture"),
        Kind::Secret => Some("pd:Password"),
        Kind::Amount => Some("pd:Transactional"),
        Kind::Uscc | Kind::Text => Some("dpv:PersonalData"),
        Kind::WaybillNo | Kind::Date | Kind::Plain => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_comes_back_as_the_same_or_a_wider_kind() {
        for kind in Kind::ALL {
            let back = from_fides(fides(kind), if kind == Kind::Mobile { "mobile" } else { "x" });
            let plain = matches!(kind, Kind::Uscc | Kind::WaybillNo | Kind::Date);
            assert_eq!(back, if plain { Kind::Plain } else { kind }, "{kind:?}");
        }
    }
}
