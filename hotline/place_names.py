"""What people call places, how they misspell them, and which names are everyday words (D5): data by state."""

from collections.abc import Mapping

NICKNAMES: Mapping[str, Mapping[str, str]] = {
    "NV": {
        "vegas": "Las Vegas", "lv": "Las Vegas", "lvnv": "Las Vegas", "las vega": "Las Vegas",
        "vegas strip": "Las Vegas", "the strip": "Las Vegas", "downtown vegas": "Las Vegas", "dtlv": "Las Vegas",
        "east vegas": "Las Vegas", "summerlin": "Las Vegas", "paradise": "Las Vegas", "spring valley": "Las Vegas",
        "sunrise manor": "Las Vegas", "enterprise": "Las Vegas", "whitney": "Las Vegas", "winchester": "Las Vegas",
        "chinatown": "Las Vegas", "city center": "Las Vegas", "the lakes": "Las Vegas", "nellis": "Las Vegas",
        "north vegas": "North Las Vegas", "n vegas": "North Las Vegas", "nlv": "North Las Vegas",
        "n las vegas": "North Las Vegas", "norte de las vegas": "North Las Vegas", "northtown": "North Las Vegas",
        "carson": "Carson City", "cc nv": "Carson City", "incline": "Incline Village", "wendover": "West Wendover",
        "hendo": "Henderson", "green valley": "Henderson", "boulder": "Boulder City", "reno sparks": "Reno",
        "lake tahoe": "Stateline", "tahoe": "Stateline", "virginia city highlands": "Virginia City",
    },
    "CA": {
        "la": "Los Angeles", "l a": "Los Angeles", "dtla": "Los Angeles", "hollywood": "Los Angeles",
        "skid row": "Los Angeles", "south central": "Los Angeles", "sf": "San Francisco", "san fran": "San Francisco",
        "frisco": "San Francisco", "the tenderloin": "San Francisco", "oaktown": "Oakland", "sac": "Sacramento",
        "sactown": "Sacramento", "san jo": "San Jose", "sd": "San Diego", "the ie": "Riverside",
    },
}  # fmt: skip
"""What people call places that the postal list names otherwise."""

MISSPELT: Mapping[str, Mapping[str, str]] = {
    "NV": {
        **dict.fromkeys(
            (
                "las vagas", "las vegaz", "las vegass", "las vegs", "las vgas", "las vages", "las begas", "las begas",
                "las vejas", "las veags", "las vegos", "las vegis", "las vgeas", "las wegas", "laz vegas", "lass vegas",
                "los vegas", "lost vegas", "lad vegas", "ls vegas", "la vegas", "las vgs", "lasvegas", "lasvagas",
                "vagas", "vegaz", "vegass", "begas", "vegs", "vejas", "veags", "vgas", "lv nv",
            ),
            "Las Vegas",
        ),
        **dict.fromkeys(
            ("north las vagas", "nort las vegas", "northlasvegas", "north lv", "n lv", "north las begas"),
            "North Las Vegas",
        ),
        **dict.fromkeys(("renoo", "reeno", "renonv", "rno"), "Reno"),
        **dict.fromkeys(("carsen city", "carsoncity", "carson cty"), "Carson City"),
        **dict.fromkeys(("spark nv", "sparksnv"), "Sparks"),
        **dict.fromkeys(("elco nv", "elko nv"), "Elko"),
        **dict.fromkeys(("prump", "pharump", "p town nv"), "Pahrump"),
    },
    "CA": {
        **dict.fromkeys(("los angelas", "los angles", "losangeles", "los angeleez"), "Los Angeles"),
        **dict.fromkeys(("sandiego", "san deigo", "san diago"), "San Diego"),
        **dict.fromkeys(("san fransico", "san fransisco", "sanfran"), "San Francisco"),
    },
}  # fmt: skip
"""Spellings of the large towns that an edit or two cannot tell from everyday words (``las venas``, ``vegan``)."""

LONG_NAMES: Mapping[str, tuple[str, ...]] = {
    "NV": ("henderson", "winnemucca", "pahrump", "boulder city", "carson city", "north las vegas", "summerlin",
           "gardnerville", "battle mountain", "yerington", "tonopah"),
    "CA": ("los angeles", "san francisco", "sacramento", "bakersfield", "san bernardino", "long beach", "anaheim"),
}  # fmt: skip
"""Names so long and so unlike other words that one slip in them is still the name."""

ORDINARY: Mapping[str, frozenset[str]] = {
    "NV": frozenset(
        {
            "baker", "beatty", "blue diamond", "boulder", "carlin", "carson", "chinatown", "dayton",
            "denio", "dyer", "ely", "eureka", "fallon", "fernley", "genoa", "goldfield", "green valley", "hawthorne",
            "imlay", "incline", "kingston", "lake tahoe", "laughlin", "lockwood", "lund", "mesquite", "minden",
            "nellis", "nixon", "overton", "owyhee", "primm", "searchlight", "sloan", "sparks", "spring creek",
            "spring valley", "stagecoach", "stateline", "sun valley", "tahoe", "the strip", "verdi", "wellington",
            "wells", "whitney", "winchester",
        }
    )
}  # fmt: skip
"""Names of people and everyday words: places only as the whole answer, with the state, or after in, near, en."""

WHOLE_ONLY: Mapping[str, frozenset[str]] = {
    "NV": frozenset(
        {
            "alamo", "austin", "caliente", "city center", "crystal", "empire", "enterprise", "jackpot", "jean", "lee",
            "manhattan", "mercury", "midas", "mina", "northtown", "oasis", "paradise", "ruth", "smith", "the lakes",
            "vagas", "begas", "vegs", "vejas", "rno",
        }
    ),
    "CA": frozenset({"la", "l a", "sd", "sac", "the ie", "hollywood", "paradise", "cool", "weed", "likely", "rescue"}),
}  # fmt: skip
"""Names that even "in paradise" does not make a place: only the whole answer, or with the state."""

SURE: Mapping[str, frozenset[str]] = {
    "CA": frozenset(
        {
            "los angeles", "san diego", "san francisco", "san jose", "oakland", "sacramento", "fresno", "riverside",
            "long beach", "bakersfield", "anaheim", "stockton", "berkeley", "san bernardino", "santa ana",
            "chula vista", "modesto", "oaktown", "sactown", "san fran", "sf", "dtla", "frisco", "skid row",
        }
    )
}  # fmt: skip
"""Where a state has more towns than anybody can weigh, the only ones that need no sign beside them."""
