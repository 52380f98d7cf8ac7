namespace Ems.Ingestion.Imports.Subjects;

/// <content>Words of headers that name meters, places, numbers and what belongs to them.</content>
internal sealed partial class SubjectFinder
{
    /// <summary>What a supplier sells to, be it counted by several meters.</summary>
    public static readonly string[] PointsOfMarket = ["marktlokation", "marktlokations", "malo"];

    // What networks number their meters by.
    public static readonly string[] Points =
    [
        .. PointsOfMarket, "messstelle", "messpunkt", "messlokation", "messlokations", "melo", "zählpunkt", "zählpunktbezeichnung", "mpan", "mprn", "nmi", "esiid", "esi", "ean", "gsrn",
        "pod", "pdl", "prm", "cups", "cpe", "icp", "ppe", "mätpunkt", "mätpunkts", "målepunkt", "målepunkts", "anläggning", "anläggnings", "anlaggning", "anlaggnings", "meteringpoint", "maalepunkt", "leveringspunkt", "meetpunt", "entnahmestelle", "lieferstelle", "mpxn", "mittauspiste", "mittauspisteen", "käyttöpaikka", "käyttöpaikan", "供給地点特定", "供給地点",
    ];

    /// <summary>Words of headers that name a meter.</summary>
    public static readonly string[] Meters =
    [
        "meter", "metering", "equipment", "device", "gerät", "asset", "sensor", "machine", "zone", "submeter", "zähler", "anlage", "måler", "mätar", "mätare", "compteur", "contador", "contatore", "matricola", "計器",
        .. Points,
    ];

    // Words beside a part of a network that tell which of them it is.
    private static readonly string[] OfParts = ["service", "delivery", "supply", "usage", "connection", "livraison", "comptage", "mesure", "de", "suministro", "prelievo", "consegna", "di", "entrega"];

    // What systems of buildings, loggers and inverters call what they record, even where its name says what is measured.
    private static readonly string[] Names = ["object", "objekt", "item", "datapoint", "datenpunkt", "entity", "statistic", "statistics", "inverter", "wechselrichter", "logger", "series", "topic"];

    /// <summary>Words of headers that name a meter where no other does.</summary>
    public static readonly string[] Parts = ["point", "punto", "ponto", "tag", "channel", "circuit", "load", "unit", "panel", "feeder", .. Names];

    /// <summary>What rows say under these is measured, though only a unit names it: <c>kW tot</c>.</summary>
    public static readonly string[] Measured = ["measurement", "quantity", "parameter", "metric", "variable", "messgröße", "grandeur"];

    private static readonly string[] Places =
        ["site", "property", "building", "facility", "location", "premise", "premises", "store", "campus", "gebäude", "liegenschaft", "standort", "bâtiment", "edificio"];

    private static readonly string[] Tenants = ["tenant", "tenants", "shop", "restaurant", "hotel", "branch", "outlet", "company", "brand", "house", "mieter", "filiale", "firma", "locataire", "magasin", "inquilino", "tienda", "huurder"];

    /// <summary>Words of headers whose columns number something.</summary>
    public static readonly string[] Ids = ["id", "number", "no", "nr", "num", "nummer", "code", "serial", "key", "#", "ref", "reference", "identifier", "identifiant", "numéro", "kod", "tunnus"];

    /// <summary>Words of headers that name who is supplied.</summary>
    public static readonly string[] Customers = ["account", "acct", "customer", "client", "konto", "kunde", "compte", "cuenta", "conto"];

    private static readonly string[] OfUnits = ["unit", "units", "uom", "einheit", "unité", "unidad", "unità", "eenheid", "measure"];

    private static readonly string[] OfNames = ["name", "names", "description", "bezeichnung", "nom", "nombre"];

    public static readonly string[] Serials = ["serial", "sn", "serien", "geräte"];

    // What people write there is about anything.
    public static readonly string[] Remarks = ["note", "notes", "comment", "comments", "remark", "remarks", "bemerkung", "kommentar"];

    // Water Street and Gas Works Road say nothing of what flows.
    private static readonly string[] Addresses =
        ["address", "addr", "street", "city", "town", "postcode", "zip", "adresse", "anschrift", "strasse", "straße", "ort", "rue", "ville", "dirección", "calle", "ciudad", "indirizzo", "via", "città", "adres", "straat", "adress", "gata", "osoite", "endereço"];

    // A number of something else that has to do with a meter, or no number of it.
    private static readonly string[] Others =
    [
        "consumption", "reading", "entry", "record", "bill", "invoice", "transaction", "parent", "type", "category", "status", "account", "address",
        "units", "uom", "row", "index", "line", "quality", "group", "hours", "hrs", "runtime", "stunden", "heures", "horas", "ore", "uren",
    ];
}
