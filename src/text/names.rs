//! The text room: what glyph names mean. Takes a name of an encoding's `/Differences`, gives characters by Adobe's glyph list: its part for
//! Latin, Greek and Cyrillic, and the names that spell a code point. A name that is not known has no meaning.

/// Names of more than one letter, in order.
#[rustfmt::skip]
static NAMES: [(&str, u16); 987] = [
    ("AE", 0xC6), ("AEacute", 0x1FC), ("AEmacron", 0x1E2), ("Aacute", 0xC1), ("Abreve", 0x102), ("Abrevecyrillic", 0x4D0),
    ("Acaron", 0x1CD), ("Acircumflex", 0xC2), ("Acyrillic", 0x410), ("Adblgrave", 0x200), ("Adieresis", 0xC4),
    ("Adieresiscyrillic", 0x4D2), ("Adieresismacron", 0x1DE), ("Adotmacron", 0x1E0), ("Agrave", 0xC0), ("Aiecyrillic", 0x4D4),
    ("Ainvertedbreve", 0x202), ("Alpha", 0x391), ("Alphatonos", 0x386), ("Amacron", 0x100), ("Aogonek", 0x104), ("Aring", 0xC5),
    ("Aringacute", 0x1FA), ("Atilde", 0xC3), ("Becyrillic", 0x411), ("Beta", 0x392), ("Bhook", 0x181), ("Btopbar", 0x182),
    ("Cacute", 0x106), ("Ccaron", 0x10C), ("Ccedilla", 0xC7), ("Ccircumflex", 0x108), ("Cdot", 0x10A), ("Cdotaccent", 0x10A),
    ("Cheabkhasiancyrillic", 0x4BC), ("Checyrillic", 0x427), ("Chedescenderabkhasiancyrillic", 0x4BE), ("Chedescendercyrillic", 0x4B6),
    ("Chedieresiscyrillic", 0x4F4), ("Chekhakassiancyrillic", 0x4CB), ("Cheverticalstrokecyrillic", 0x4B8), ("Chi", 0x3A7),
    ("Chook", 0x187), ("DZ", 0x1F1), ("DZcaron", 0x1C4), ("Dafrican", 0x189), ("Dcaron", 0x10E), ("Dcroat", 0x110),
    ("Decyrillic", 0x414), ("Deicoptic", 0x3EE), ("Delta", 0x2206), ("Deltagreek", 0x394), ("Dhook", 0x18A), ("Digammagreek", 0x3DC),
    ("Djecyrillic", 0x402), ("Dslash", 0x110), ("Dtopbar", 0x18B), ("Dz", 0x1F2), ("Dzcaron", 0x1C5), ("Dzeabkhasiancyrillic", 0x4E0),
    ("Dzecyrillic", 0x405), ("Dzhecyrillic", 0x40F), ("Eacute", 0xC9), ("Ebreve", 0x114), ("Ecaron", 0x11A), ("Ecircumflex", 0xCA),
    ("Ecyrillic", 0x404), ("Edblgrave", 0x204), ("Edieresis", 0xCB), ("Edot", 0x116), ("Edotaccent", 0x116), ("Efcyrillic", 0x424),
    ("Egrave", 0xC8), ("Einvertedbreve", 0x206), ("Eiotifiedcyrillic", 0x464), ("Elcyrillic", 0x41B), ("Emacron", 0x112),
    ("Emcyrillic", 0x41C), ("Encyrillic", 0x41D), ("Endescendercyrillic", 0x4A2), ("Eng", 0x14A), ("Enghecyrillic", 0x4A4),
    ("Enhookcyrillic", 0x4C7), ("Eogonek", 0x118), ("Eopen", 0x190), ("Epsilon", 0x395), ("Epsilontonos", 0x388), ("Ercyrillic", 0x420),
    ("Ereversed", 0x18E), ("Ereversedcyrillic", 0x42D), ("Escyrillic", 0x421), ("Esdescendercyrillic", 0x4AA), ("Esh", 0x1A9),
    ("Eta", 0x397), ("Etatonos", 0x389), ("Eth", 0xD0), ("Euro", 0x20AC), ("Ezh", 0x1B7), ("Ezhcaron", 0x1EE), ("Ezhreversed", 0x1B8),
    ("Feicoptic", 0x3E4), ("Fhook", 0x191), ("Fitacyrillic", 0x472), ("Gacute", 0x1F4), ("Gamma", 0x393), ("Gammaafrican", 0x194),
    ("Gangiacoptic", 0x3EA), ("Gbreve", 0x11E), ("Gcaron", 0x1E6), ("Gcedilla", 0x122), ("Gcircumflex", 0x11C), ("Gcommaaccent", 0x122),
    ("Gdot", 0x120), ("Gdotaccent", 0x120), ("Gecyrillic", 0x413), ("Ghemiddlehookcyrillic", 0x494), ("Ghestrokecyrillic", 0x492),
    ("Gheupturncyrillic", 0x490), ("Ghook", 0x193), ("Gjecyrillic", 0x403), ("Gstroke", 0x1E4), ("Haabkhasiancyrillic", 0x4A8),
    ("Hadescendercyrillic", 0x4B2), ("Hardsigncyrillic", 0x42A), ("Hbar", 0x126), ("Hcircumflex", 0x124), ("Horicoptic", 0x3E8),
    ("IAcyrillic", 0x42F), ("IJ", 0x132), ("IUcyrillic", 0x42E), ("Iacute", 0xCD), ("Ibreve", 0x12C), ("Icaron", 0x1CF),
    ("Icircumflex", 0xCE), ("Icyrillic", 0x406), ("Idblgrave", 0x208), ("Idieresis", 0xCF), ("Idieresiscyrillic", 0x4E4),
    ("Idot", 0x130), ("Idotaccent", 0x130), ("Iebrevecyrillic", 0x4D6), ("Iecyrillic", 0x415), ("Igrave", 0xCC), ("Iicyrillic", 0x418),
    ("Iinvertedbreve", 0x20A), ("Iishortcyrillic", 0x419), ("Imacron", 0x12A), ("Imacroncyrillic", 0x4E2), ("Iocyrillic", 0x401),
    ("Iogonek", 0x12E), ("Iota", 0x399), ("Iotaafrican", 0x196), ("Iotadieresis", 0x3AA), ("Iotatonos", 0x38A), ("Istroke", 0x197),
    ("Itilde", 0x128), ("Izhitsacyrillic", 0x474), ("Izhitsadblgravecyrillic", 0x476), ("Jcircumflex", 0x134), ("Jecyrillic", 0x408),
    ("Kabashkircyrillic", 0x4A0), ("Kacyrillic", 0x41A), ("Kadescendercyrillic", 0x49A), ("Kahookcyrillic", 0x4C3), ("Kappa", 0x39A),
    ("Kastrokecyrillic", 0x49E), ("Kaverticalstrokecyrillic", 0x49C), ("Kcaron", 0x1E8), ("Kcedilla", 0x136), ("Kcommaaccent", 0x136),
    ("Khacyrillic", 0x425), ("Kheicoptic", 0x3E6), ("Khook", 0x198), ("Kjecyrillic", 0x40C), ("Koppacyrillic", 0x480),
    ("Koppagreek", 0x3DE), ("Ksicyrillic", 0x46E), ("LJ", 0x1C7), ("Lacute", 0x139), ("Lambda", 0x39B), ("Lcaron", 0x13D),
    ("Lcedilla", 0x13B), ("Lcommaaccent", 0x13B), ("Ldot", 0x13F), ("Ldotaccent", 0x13F), ("Lj", 0x1C8), ("Ljecyrillic", 0x409),
    ("Lslash", 0x141), ("Mturned", 0x19C), ("Mu", 0x39C), ("NJ", 0x1CA), ("Nacute", 0x143), ("Ncaron", 0x147), ("Ncedilla", 0x145),
    ("Ncommaaccent", 0x145), ("Nhookleft", 0x19D), ("Nj", 0x1CB), ("Njecyrillic", 0x40A), ("Ntilde", 0xD1), ("Nu", 0x39D), ("OE", 0x152),
    ("Oacute", 0xD3), ("Obarredcyrillic", 0x4E8), ("Obarreddieresiscyrillic", 0x4EA), ("Obreve", 0x14E), ("Ocaron", 0x1D1),
    ("Ocenteredtilde", 0x19F), ("Ocircumflex", 0xD4), ("Ocyrillic", 0x41E), ("Odblacute", 0x150), ("Odblgrave", 0x20C),
    ("Odieresis", 0xD6), ("Odieresiscyrillic", 0x4E6), ("Ograve", 0xD2), ("Ohm", 0x2126), ("Ohorn", 0x1A0), ("Ohungarumlaut", 0x150),
    ("Oi", 0x1A2), ("Oinvertedbreve", 0x20E), ("Omacron", 0x14C), ("Omega", 0x2126), ("Omegacyrillic", 0x460), ("Omegagreek", 0x3A9),
    ("Omegaroundcyrillic", 0x47A), ("Omegatitlocyrillic", 0x47C), ("Omegatonos", 0x38F), ("Omicron", 0x39F), ("Omicrontonos", 0x38C),
    ("Oogonek", 0x1EA), ("Oogonekmacron", 0x1EC), ("Oopen", 0x186), ("Oslash", 0xD8), ("Oslashacute", 0x1FE), ("Ostrokeacute", 0x1FE),
    ("Otcyrillic", 0x47E), ("Otilde", 0xD5), ("Pecyrillic", 0x41F), ("Pemiddlehookcyrillic", 0x4A6), ("Phi", 0x3A6), ("Phook", 0x1A4),
    ("Pi", 0x3A0), ("Psi", 0x3A8), ("Psicyrillic", 0x470), ("Racute", 0x154), ("Rcaron", 0x158), ("Rcedilla", 0x156),
    ("Rcommaaccent", 0x156), ("Rdblgrave", 0x210), ("Rho", 0x3A1), ("Rinvertedbreve", 0x212), ("Sacute", 0x15A), ("Sampigreek", 0x3E0),
    ("Scaron", 0x160), ("Scedilla", 0x15E), ("Schwa", 0x18F), ("Schwacyrillic", 0x4D8), ("Schwadieresiscyrillic", 0x4DA),
    ("Scircumflex", 0x15C), ("Scommaaccent", 0x218), ("Shacyrillic", 0x428), ("Shchacyrillic", 0x429), ("Sheicoptic", 0x3E2),
    ("Shhacyrillic", 0x4BA), ("Shimacoptic", 0x3EC), ("Sigma", 0x3A3), ("Softsigncyrillic", 0x42C), ("Stigmagreek", 0x3DA),
    ("Tau", 0x3A4), ("Tbar", 0x166), ("Tcaron", 0x164), ("Tcedilla", 0x162), ("Tcommaaccent", 0x162), ("Tecyrillic", 0x422),
    ("Tedescendercyrillic", 0x4AC), ("Tetsecyrillic", 0x4B4), ("Theta", 0x398), ("Thook", 0x1AC), ("Thorn", 0xDE), ("Tonefive", 0x1BC),
    ("Tonesix", 0x184), ("Tonetwo", 0x1A7), ("Tretroflexhook", 0x1AE), ("Tsecyrillic", 0x426), ("Tshecyrillic", 0x40B), ("Uacute", 0xDA),
    ("Ubreve", 0x16C), ("Ucaron", 0x1D3), ("Ucircumflex", 0xDB), ("Ucyrillic", 0x423), ("Udblacute", 0x170), ("Udblgrave", 0x214),
    ("Udieresis", 0xDC), ("Udieresisacute", 0x1D7), ("Udieresiscaron", 0x1D9), ("Udieresiscyrillic", 0x4F0), ("Udieresisgrave", 0x1DB),
    ("Udieresismacron", 0x1D5), ("Ugrave", 0xD9), ("Uhorn", 0x1AF), ("Uhungarumlaut", 0x170), ("Uhungarumlautcyrillic", 0x4F2),
    ("Uinvertedbreve", 0x216), ("Ukcyrillic", 0x478), ("Umacron", 0x16A), ("Umacroncyrillic", 0x4EE), ("Uogonek", 0x172),
    ("Upsilon", 0x3A5), ("Upsilon1", 0x3D2), ("Upsilonacutehooksymbolgreek", 0x3D3), ("Upsilonafrican", 0x1B1),
    ("Upsilondieresis", 0x3AB), ("Upsilondieresishooksymbolgreek", 0x3D4), ("Upsilonhooksymbol", 0x3D2), ("Upsilontonos", 0x38E),
    ("Uring", 0x16E), ("Ushortcyrillic", 0x40E), ("Ustraightcyrillic", 0x4AE), ("Ustraightstrokecyrillic", 0x4B0), ("Utilde", 0x168),
    ("Vecyrillic", 0x412), ("Vhook", 0x1B2), ("Wcircumflex", 0x174), ("Xi", 0x39E), ("Yacute", 0xDD), ("Yatcyrillic", 0x462),
    ("Ycircumflex", 0x176), ("Ydieresis", 0x178), ("Yericyrillic", 0x42B), ("Yerudieresiscyrillic", 0x4F8), ("Yhook", 0x1B3),
    ("Yicyrillic", 0x407), ("Yusbigcyrillic", 0x46A), ("Yusbigiotifiedcyrillic", 0x46C), ("Yuslittlecyrillic", 0x466),
    ("Yuslittleiotifiedcyrillic", 0x468), ("Zacute", 0x179), ("Zcaron", 0x17D), ("Zdot", 0x17B), ("Zdotaccent", 0x17B),
    ("Zecyrillic", 0x417), ("Zedescendercyrillic", 0x498), ("Zedieresiscyrillic", 0x4DE), ("Zeta", 0x396), ("Zhebrevecyrillic", 0x4C1),
    ("Zhecyrillic", 0x416), ("Zhedescendercyrillic", 0x496), ("Zhedieresiscyrillic", 0x4DC), ("Zstroke", 0x1B5), ("aacute", 0xE1),
    ("abreve", 0x103), ("abrevecyrillic", 0x4D1), ("acaron", 0x1CE), ("acircumflex", 0xE2), ("acute", 0xB4), ("acutelowmod", 0x2CF),
    ("acyrillic", 0x430), ("adblgrave", 0x201), ("adieresis", 0xE4), ("adieresiscyrillic", 0x4D3), ("adieresismacron", 0x1DF),
    ("adotmacron", 0x1E1), ("ae", 0xE6), ("aeacute", 0x1FD), ("aemacron", 0x1E3), ("afii00208", 0x2015), ("afii10017", 0x410),
    ("afii10018", 0x411), ("afii10019", 0x412), ("afii10020", 0x413), ("afii10021", 0x414), ("afii10022", 0x415), ("afii10023", 0x401),
    ("afii10024", 0x416), ("afii10025", 0x417), ("afii10026", 0x418), ("afii10027", 0x419), ("afii10028", 0x41A), ("afii10029", 0x41B),
    ("afii10030", 0x41C), ("afii10031", 0x41D), ("afii10032", 0x41E), ("afii10033", 0x41F), ("afii10034", 0x420), ("afii10035", 0x421),
    ("afii10036", 0x422), ("afii10037", 0x423), ("afii10038", 0x424), ("afii10039", 0x425), ("afii10040", 0x426), ("afii10041", 0x427),
    ("afii10042", 0x428), ("afii10043", 0x429), ("afii10044", 0x42A), ("afii10045", 0x42B), ("afii10046", 0x42C), ("afii10047", 0x42D),
    ("afii10048", 0x42E), ("afii10049", 0x42F), ("afii10050", 0x490), ("afii10051", 0x402), ("afii10052", 0x403), ("afii10053", 0x404),
    ("afii10054", 0x405), ("afii10055", 0x406), ("afii10056", 0x407), ("afii10057", 0x408), ("afii10058", 0x409), ("afii10059", 0x40A),
    ("afii10060", 0x40B), ("afii10061", 0x40C), ("afii10062", 0x40E), ("afii10065", 0x430), ("afii10066", 0x431), ("afii10067", 0x432),
    ("afii10068", 0x433), ("afii10069", 0x434), ("afii10070", 0x435), ("afii10071", 0x451), ("afii10072", 0x436), ("afii10073", 0x437),
    ("afii10074", 0x438), ("afii10075", 0x439), ("afii10076", 0x43A), ("afii10077", 0x43B), ("afii10078", 0x43C), ("afii10079", 0x43D),
    ("afii10080", 0x43E), ("afii10081", 0x43F), ("afii10082", 0x440), ("afii10083", 0x441), ("afii10084", 0x442), ("afii10085", 0x443),
    ("afii10086", 0x444), ("afii10087", 0x445), ("afii10088", 0x446), ("afii10089", 0x447), ("afii10090", 0x448), ("afii10091", 0x449),
    ("afii10092", 0x44A), ("afii10093", 0x44B), ("afii10094", 0x44C), ("afii10095", 0x44D), ("afii10096", 0x44E), ("afii10097", 0x44F),
    ("afii10098", 0x491), ("afii10099", 0x452), ("afii10100", 0x453), ("afii10101", 0x454), ("afii10102", 0x455), ("afii10103", 0x456),
    ("afii10104", 0x457), ("afii10105", 0x458), ("afii10106", 0x459), ("afii10107", 0x45A), ("afii10108", 0x45B), ("afii10109", 0x45C),
    ("afii10110", 0x45E), ("afii10145", 0x40F), ("afii10146", 0x462), ("afii10147", 0x472), ("afii10148", 0x474), ("afii10193", 0x45F),
    ("afii10194", 0x463), ("afii10195", 0x473), ("afii10196", 0x475), ("afii10846", 0x4D9), ("afii61352", 0x2116), ("afii61573", 0x202C),
    ("afii61574", 0x202D), ("afii61575", 0x202E), ("agrave", 0xE0), ("aiecyrillic", 0x4D5), ("ainvertedbreve", 0x203), ("alpha", 0x3B1),
    ("alphatonos", 0x3AC), ("amacron", 0x101), ("ampersand", 0x26), ("anoteleia", 0x387), ("aogonek", 0x105), ("approxequal", 0x2248),
    ("aring", 0xE5), ("aringacute", 0x1FB), ("asciicircum", 0x5E), ("asciitilde", 0x7E), ("asterisk", 0x2A), ("asterism", 0x2042),
    ("at", 0x40), ("atilde", 0xE3), ("backslash", 0x5C), ("bar", 0x7C), ("becyrillic", 0x431), ("beta", 0x3B2),
    ("betasymbolgreek", 0x3D0), ("braceleft", 0x7B), ("braceright", 0x7D), ("bracketleft", 0x5B), ("bracketright", 0x5D),
    ("breve", 0x2D8), ("brokenbar", 0xA6), ("bstroke", 0x180), ("btopbar", 0x183), ("bullet", 0x2022), ("bulletoperator", 0x2219),
    ("cacute", 0x107), ("caron", 0x2C7), ("ccaron", 0x10D), ("ccedilla", 0xE7), ("ccircumflex", 0x109), ("cdot", 0x10B),
    ("cdotaccent", 0x10B), ("cedilla", 0xB8), ("cent", 0xA2), ("cheabkhasiancyrillic", 0x4BD), ("checyrillic", 0x447),
    ("chedescenderabkhasiancyrillic", 0x4BF), ("chedescendercyrillic", 0x4B7), ("chedieresiscyrillic", 0x4F5),
    ("chekhakassiancyrillic", 0x4CC), ("cheverticalstrokecyrillic", 0x4B9), ("chi", 0x3C7), ("chook", 0x188), ("circumflex", 0x2C6),
    ("clickalveolar", 0x1C2), ("clickdental", 0x1C0), ("clicklateral", 0x1C1), ("clickretroflex", 0x1C3), ("colon", 0x3A),
    ("colontriangularhalfmod", 0x2D1), ("colontriangularmod", 0x2D0), ("comma", 0x2C), ("controlDEL", 0x7F), ("copyright", 0xA9),
    ("currency", 0xA4), ("dagger", 0x2020), ("daggerdbl", 0x2021), ("dasiapneumatacyrilliccmb", 0x485), ("dbllowline", 0x2017),
    ("dblverticalbar", 0x2016), ("dcaron", 0x10F), ("dcroat", 0x111), ("decyrillic", 0x434), ("degree", 0xB0), ("deicoptic", 0x3EF),
    ("delta", 0x3B4), ("deltaturned", 0x18D), ("dialytikatonos", 0x385), ("dieresis", 0xA8), ("dieresistonos", 0x385), ("divide", 0xF7),
    ("divisionslash", 0x2215), ("djecyrillic", 0x452), ("dmacron", 0x111), ("dollar", 0x24), ("dotaccent", 0x2D9), ("dotlessi", 0x131),
    ("downtackmod", 0x2D5), ("dtopbar", 0x18C), ("dz", 0x1F3), ("dzcaron", 0x1C6), ("dzeabkhasiancyrillic", 0x4E1),
    ("dzecyrillic", 0x455), ("dzhecyrillic", 0x45F), ("eacute", 0xE9), ("ebreve", 0x115), ("ecaron", 0x11B), ("ecircumflex", 0xEA),
    ("ecyrillic", 0x454), ("edblgrave", 0x205), ("edieresis", 0xEB), ("edot", 0x117), ("edotaccent", 0x117), ("efcyrillic", 0x444),
    ("egrave", 0xE8), ("eight", 0x38), ("einvertedbreve", 0x207), ("eiotifiedcyrillic", 0x465), ("elcyrillic", 0x43B),
    ("ellipsis", 0x2026), ("emacron", 0x113), ("emcyrillic", 0x43C), ("emdash", 0x2014), ("encyrillic", 0x43D), ("endash", 0x2013),
    ("endescendercyrillic", 0x4A3), ("eng", 0x14B), ("enghecyrillic", 0x4A5), ("enhookcyrillic", 0x4C8), ("eogonek", 0x119),
    ("epsilon", 0x3B5), ("epsilontonos", 0x3AD), ("equal", 0x3D), ("ercyrillic", 0x440), ("ereversedcyrillic", 0x44D),
    ("escyrillic", 0x441), ("esdescendercyrillic", 0x4AB), ("eshreversedloop", 0x1AA), ("eta", 0x3B7), ("etatonos", 0x3AE),
    ("eth", 0xF0), ("eturned", 0x1DD), ("euro", 0x20AC), ("exclam", 0x21), ("exclamdbl", 0x203C), ("exclamdown", 0xA1),
    ("ezhcaron", 0x1EF), ("ezhreversed", 0x1B9), ("ezhtail", 0x1BA), ("feicoptic", 0x3E5), ("ff", 0xFB00), ("ffi", 0xFB03),
    ("ffl", 0xFB04), ("fi", 0xFB01), ("figuredash", 0x2012), ("firsttonechinese", 0x2C9), ("fitacyrillic", 0x473), ("five", 0x35),
    ("fl", 0xFB02), ("florin", 0x192), ("four", 0x34), ("fourthtonechinese", 0x2CB), ("fraction", 0x2044), ("gacute", 0x1F5),
    ("gamma", 0x3B3), ("gangiacoptic", 0x3EB), ("gbreve", 0x11F), ("gcaron", 0x1E7), ("gcedilla", 0x123), ("gcircumflex", 0x11D),
    ("gcommaaccent", 0x123), ("gdot", 0x121), ("gdotaccent", 0x121), ("gecyrillic", 0x433), ("germandbls", 0xDF),
    ("ghemiddlehookcyrillic", 0x495), ("ghestrokecyrillic", 0x493), ("gheupturncyrillic", 0x491), ("gjecyrillic", 0x453),
    ("glottalinvertedstroke", 0x1BE), ("grave", 0x60), ("gravelowmod", 0x2CE), ("greater", 0x3E), ("greaterequal", 0x2265),
    ("gstroke", 0x1E5), ("guillemotleft", 0xAB), ("guillemotright", 0xBB), ("guilsinglleft", 0x2039), ("guilsinglright", 0x203A),
    ("haabkhasiancyrillic", 0x4A9), ("hadescendercyrillic", 0x4B3), ("hardsigncyrillic", 0x44A), ("hbar", 0x127), ("hcircumflex", 0x125),
    ("horicoptic", 0x3E9), ("horizontalbar", 0x2015), ("hungarumlaut", 0x2DD), ("hv", 0x195), ("hyphen", 0x2D), ("hyphentwo", 0x2010),
    ("iacute", 0xED), ("iacyrillic", 0x44F), ("ibreve", 0x12D), ("icaron", 0x1D0), ("icircumflex", 0xEE), ("icyrillic", 0x456),
    ("idblgrave", 0x209), ("idieresis", 0xEF), ("idieresiscyrillic", 0x4E5), ("iebrevecyrillic", 0x4D7), ("iecyrillic", 0x435),
    ("igrave", 0xEC), ("iicyrillic", 0x438), ("iinvertedbreve", 0x20B), ("iishortcyrillic", 0x439), ("ij", 0x133), ("ilde", 0x2DC),
    ("imacron", 0x12B), ("imacroncyrillic", 0x4E3), ("increment", 0x2206), ("infinity", 0x221E), ("integral", 0x222B),
    ("iocyrillic", 0x451), ("iogonek", 0x12F), ("iota", 0x3B9), ("iotadieresis", 0x3CA), ("iotadieresistonos", 0x390),
    ("iotatonos", 0x3AF), ("itilde", 0x129), ("iucyrillic", 0x44E), ("izhitsacyrillic", 0x475), ("izhitsadblgravecyrillic", 0x477),
    ("jcaron", 0x1F0), ("jcircumflex", 0x135), ("jecyrillic", 0x458), ("kabashkircyrillic", 0x4A1), ("kacyrillic", 0x43A),
    ("kadescendercyrillic", 0x49B), ("kahookcyrillic", 0x4C4), ("kappa", 0x3BA), ("kappasymbolgreek", 0x3F0),
    ("kastrokecyrillic", 0x49F), ("kaverticalstrokecyrillic", 0x49D), ("kcaron", 0x1E9), ("kcedilla", 0x137), ("kcommaaccent", 0x137),
    ("kgreenlandic", 0x138), ("khacyrillic", 0x445), ("kheicoptic", 0x3E7), ("khook", 0x199), ("kjecyrillic", 0x45C),
    ("koppacyrillic", 0x481), ("ksicyrillic", 0x46F), ("lacute", 0x13A), ("lambda", 0x3BB), ("lambdastroke", 0x19B), ("lbar", 0x19A),
    ("lcaron", 0x13E), ("lcedilla", 0x13C), ("lcommaaccent", 0x13C), ("ldot", 0x140), ("ldotaccent", 0x140), ("less", 0x3C),
    ("lessequal", 0x2264), ("lj", 0x1C9), ("ljecyrillic", 0x459), ("logicalnot", 0xAC), ("longs", 0x17F), ("lozenge", 0x25CA),
    ("lslash", 0x142), ("macron", 0xAF), ("macronlowmod", 0x2CD), ("middot", 0xB7), ("minus", 0x2212), ("minusmod", 0x2D7),
    ("minute", 0x2032), ("mu", 0xB5), ("mu1", 0xB5), ("mugreek", 0x3BC), ("multiply", 0xD7), ("nacute", 0x144), ("napostrophe", 0x149),
    ("nbspace", 0xA0), ("ncaron", 0x148), ("ncedilla", 0x146), ("ncommaaccent", 0x146), ("nine", 0x39), ("nj", 0x1CC),
    ("njecyrillic", 0x45A), ("nlegrightlong", 0x19E), ("nonbreakingspace", 0xA0), ("notequal", 0x2260), ("ntilde", 0xF1), ("nu", 0x3BD),
    ("numbersign", 0x23), ("numeralsigngreek", 0x374), ("numeralsignlowergreek", 0x375), ("numero", 0x2116), ("oacute", 0xF3),
    ("obarredcyrillic", 0x4E9), ("obarreddieresiscyrillic", 0x4EB), ("obreve", 0x14F), ("ocaron", 0x1D2), ("ocircumflex", 0xF4),
    ("ocyrillic", 0x43E), ("odblacute", 0x151), ("odblgrave", 0x20D), ("odieresis", 0xF6), ("odieresiscyrillic", 0x4E7), ("oe", 0x153),
    ("ogonek", 0x2DB), ("ograve", 0xF2), ("ohorn", 0x1A1), ("ohungarumlaut", 0x151), ("oi", 0x1A3), ("oinvertedbreve", 0x20F),
    ("omacron", 0x14D), ("omega", 0x3C9), ("omega1", 0x3D6), ("omegacyrillic", 0x461), ("omegaroundcyrillic", 0x47B),
    ("omegatitlocyrillic", 0x47D), ("omegatonos", 0x3CE), ("omicron", 0x3BF), ("omicrontonos", 0x3CC), ("one", 0x31),
    ("onedotenleader", 0x2024), ("onehalf", 0xBD), ("onequarter", 0xBC), ("onesuperior", 0xB9), ("oogonek", 0x1EB),
    ("oogonekmacron", 0x1ED), ("ordfeminine", 0xAA), ("ordmasculine", 0xBA), ("oslash", 0xF8), ("oslashacute", 0x1FF),
    ("ostrokeacute", 0x1FF), ("otcyrillic", 0x47F), ("otilde", 0xF5), ("overline", 0x203E), ("overscore", 0xAF),
    ("palatalizationcyrilliccmb", 0x484), ("palochkacyrillic", 0x4C0), ("paragraph", 0xB6), ("parenleft", 0x28), ("parenright", 0x29),
    ("partialdiff", 0x2202), ("pecyrillic", 0x43F), ("pemiddlehookcyrillic", 0x4A7), ("percent", 0x25), ("period", 0x2E),
    ("periodcentered", 0xB7), ("perthousand", 0x2030), ("phi", 0x3C6), ("phi1", 0x3D5), ("phisymbolgreek", 0x3D5), ("phook", 0x1A5),
    ("pi", 0x3C0), ("pisymbolgreek", 0x3D6), ("plus", 0x2B), ("plusminus", 0xB1), ("plusmod", 0x2D6), ("primereversed", 0x2035),
    ("product", 0x220F), ("psi", 0x3C8), ("psicyrillic", 0x471), ("psilipneumatacyrilliccmb", 0x486), ("question", 0x3F),
    ("questiondown", 0xBF), ("questiongreek", 0x37E), ("quotedbl", 0x22), ("quotedblbase", 0x201E), ("quotedblleft", 0x201C),
    ("quotedblright", 0x201D), ("quoteleft", 0x2018), ("quoteleftreversed", 0x201B), ("quotereversed", 0x201B), ("quoteright", 0x2019),
    ("quoterightn", 0x149), ("quotesinglbase", 0x201A), ("quotesingle", 0x27), ("racute", 0x155), ("radical", 0x221A), ("rcaron", 0x159),
    ("rcedilla", 0x157), ("rcommaaccent", 0x157), ("rdblgrave", 0x211), ("referencemark", 0x203B), ("registered", 0xAE), ("rho", 0x3C1),
    ("rhosymbolgreek", 0x3F1), ("ring", 0x2DA), ("ringhalfleftcentered", 0x2D3), ("ringhalfrightcentered", 0x2D2),
    ("rinvertedbreve", 0x213), ("sacute", 0x15B), ("scaron", 0x161), ("scedilla", 0x15F), ("schwacyrillic", 0x4D9),
    ("schwadieresiscyrillic", 0x4DB), ("scircumflex", 0x15D), ("scommaaccent", 0x219), ("second", 0x2033), ("secondtonechinese", 0x2CA),
    ("section", 0xA7), ("semicolon", 0x3B), ("seven", 0x37), ("sfthyphen", 0xAD), ("shacyrillic", 0x448), ("shchacyrillic", 0x449),
    ("sheicoptic", 0x3E3), ("shhacyrillic", 0x4BB), ("shimacoptic", 0x3ED), ("sigma", 0x3C3), ("sigma1", 0x3C2), ("sigmafinal", 0x3C2),
    ("sigmalunatesymbolgreek", 0x3F2), ("six", 0x36), ("slash", 0x2F), ("slong", 0x17F), ("softhyphen", 0xAD),
    ("softsigncyrillic", 0x44C), ("space", 0x20), ("spacehackarabic", 0x20), ("sterling", 0xA3), ("summation", 0x2211), ("tau", 0x3C4),
    ("tbar", 0x167), ("tcaron", 0x165), ("tcedilla", 0x163), ("tcommaaccent", 0x163), ("tecyrillic", 0x442),
    ("tedescendercyrillic", 0x4AD), ("tetsecyrillic", 0x4B5), ("theta", 0x3B8), ("theta1", 0x3D1), ("thetasymbolgreek", 0x3D1),
    ("thook", 0x1AD), ("thorn", 0xFE), ("thousandcyrillic", 0x482), ("three", 0x33), ("threequarters", 0xBE), ("threesuperior", 0xB3),
    ("tilde", 0x2DC), ("titlocyrilliccmb", 0x483), ("tonefive", 0x1BD), ("tonesix", 0x185), ("tonetwo", 0x1A8), ("tonos", 0x384),
    ("tpalatalhook", 0x1AB), ("trademark", 0x2122), ("tsecyrillic", 0x446), ("tshecyrillic", 0x45B), ("two", 0x32),
    ("twodotenleader", 0x2025), ("twodotleader", 0x2025), ("twostroke", 0x1BB), ("twosuperior", 0xB2), ("uacute", 0xFA),
    ("ubreve", 0x16D), ("ucaron", 0x1D4), ("ucircumflex", 0xFB), ("ucyrillic", 0x443), ("udblacute", 0x171), ("udblgrave", 0x215),
    ("udieresis", 0xFC), ("udieresisacute", 0x1D8), ("udieresiscaron", 0x1DA), ("udieresiscyrillic", 0x4F1), ("udieresisgrave", 0x1DC),
    ("udieresismacron", 0x1D6), ("ugrave", 0xF9), ("uhorn", 0x1B0), ("uhungarumlaut", 0x171), ("uhungarumlautcyrillic", 0x4F3),
    ("uinvertedbreve", 0x217), ("ukcyrillic", 0x479), ("umacron", 0x16B), ("umacroncyrillic", 0x4EF), ("underscore", 0x5F),
    ("underscoredbl", 0x2017), ("uogonek", 0x173), ("upsilon", 0x3C5), ("upsilondieresis", 0x3CB), ("upsilondieresistonos", 0x3B0),
    ("upsilontonos", 0x3CD), ("uptackmod", 0x2D4), ("uring", 0x16F), ("ushortcyrillic", 0x45E), ("ustraightcyrillic", 0x4AF),
    ("ustraightstrokecyrillic", 0x4B1), ("utilde", 0x169), ("vecyrillic", 0x432), ("verticalbar", 0x7C), ("verticallinelowmod", 0x2CC),
    ("verticallinemod", 0x2C8), ("wcircumflex", 0x175), ("wynn", 0x1BF), ("xi", 0x3BE), ("yacute", 0xFD), ("yatcyrillic", 0x463),
    ("ycircumflex", 0x177), ("ydieresis", 0xFF), ("yen", 0xA5), ("yericyrillic", 0x44B), ("yerudieresiscyrillic", 0x4F9),
    ("yhook", 0x1B4), ("yicyrillic", 0x457), ("yotgreek", 0x3F3), ("ypogegrammeni", 0x37A), ("yr", 0x1A6), ("yusbigcyrillic", 0x46B),
    ("yusbigiotifiedcyrillic", 0x46D), ("yuslittlecyrillic", 0x467), ("yuslittleiotifiedcyrillic", 0x469), ("zacute", 0x17A),
    ("zcaron", 0x17E), ("zdot", 0x17C), ("zdotaccent", 0x17C), ("zecyrillic", 0x437), ("zedescendercyrillic", 0x499),
    ("zedieresiscyrillic", 0x4DF), ("zero", 0x30), ("zeta", 0x3B6), ("zhebrevecyrillic", 0x4C2), ("zhecyrillic", 0x436),
    ("zhedescendercyrillic", 0x497), ("zhedieresiscyrillic", 0x4DD), ("zstroke", 0x1B6),
];

/// The characters of a glyph name.
pub(super) fn meaning(name: &str) -> Option<String> {
    // A suffix tells shapes apart, an underscore joins the parts of a ligature.
    let name = name.split('.').next().filter(|name| !name.is_empty())?;
    name.split('_').map(part).collect()
}

fn part(name: &str) -> Option<String> {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && letter.is_ascii_alphabetic()
    {
        return Some(letter.to_string());
    }
    if let Ok(at) = NAMES.binary_search_by_key(&name, |(known, _)| *known) {
        return NAMES.get(at).and_then(|(_, code)| char::from_u32(u32::from(*code))).map(String::from);
    }
    let code = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    if let Some(digits) = name.strip_prefix("uni")
        && !digits.is_empty()
        && digits.len() % 4 == 0
        && digits.is_ascii()
    {
        return (0..digits.len()).step_by(4).map(|at| digits.get(at..at + 4).and_then(code)).collect();
    }
    name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len())).and_then(code).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_list_and_by_number() {
        assert!(NAMES.is_sorted());
        let says = |name: &str| meaning(name).unwrap_or_default();
        for (name, text) in [
            ("A", "A"),
            ("quotesingle", "'"),
            ("Euro", "\u{20AC}"),
            ("ffi", "\u{FB03}"),
            ("f_f_i", "ffi"),
            ("a.sc", "a"),
            ("uni20AC0041", "\u{20AC}A"),
            ("u1F600", "\u{1F600}"),
            ("afii10017", "\u{410}"),
        ] {
            assert_eq!(says(name), text, "{name}");
        }
        for name in ["", ".notdef", "g12", "uni20A", "uniD800", "u110000", "uni\u{e9}\u{e9}", "_"] {
            assert_eq!(meaning(name), None, "{name}");
        }
    }
}
