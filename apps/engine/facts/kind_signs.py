"""The signs by which a kind of thing is recognised: patterns over lower-case text, in five languages, with weights.

The heavier the weight, the surer the sign. They are data that is read by :mod:`apps.engine.facts.kinds`.
"""

SIGNS: dict[str, tuple[tuple[str, int], ...]] = {
    "web_application": (
        (r"web[ -]?(?:based )?(?:app|application|interface|tool|shop|frontend|portal)s?", 6),
        (r"(?:management|booking|registration|reservation|ordering) (?:website|site|system)", 5),
        (r"registration", 2), (r"browsers?", 3),
        (r"web ?pages?", 3), (r"dashboard", 2), (r"tablets?|touch ?screen|display", 2),
        (r"portal", 2), (r"sign(?:s|ed)? in", 1),
        (r"log ?in", 1), (r"pages?", 1), (r"forms?", 1), (r"app", 1), (r"website", 2), (r"online", 1), (r"click", 1),
        (r"web-?anwendung|webapp", 6),
        (r"application web|applicazione web|app web", 6), (r"aplicación web", 6), (r"navigateur|navegador", 3),
    ),
    "api_service": (
        (r"(?:rest|http|json|web|graphql)[ -]?api", 7), (r"apis?", 4), (r"endpoints?", 4), (r"micro-?service", 6),
        (r"(?:http|json|backend|web) service", 6), (r"webhooks?", 2), (r"status codes?", 3), (r"json", 1),
        (r"\bget /|\bpost /|\bput /|\bdelete /", 4), (r"servicio web|service web|servizio web", 5),
        (r"schnittstelle", 3),
    ),
    "command_line_tool": (
        (r"command[ -]?line", 8), (r"\bclis?\b", 7), (r"terminal", 5), (r"console (?:tool|program|app)", 6),
        (r"sub-?commands?", 5), (r"stdin|stdout|standard (?:input|output)", 4), (r"exit codes?", 4), (r"shell", 3),
        (r"--[a-z]+", 2), (r"kommandozeilen?\w*", 8), (r"ligne de commandes?|riga di comando", 8),
        (r"línea de (?:comandos|órdenes)", 8),
    ),
    "library": (
        (r"(?:python|software|reusable|code|importable|open[ -]source) (?:library|package|module)", 8),
        (r"(?:write|build|create|make|design|develop) an? (?:[a-z]+ ){0,2}(?:library|package|module) "
         r"(?:that|to|for|with|which)", 5),
        (r"library (?:that|for) (?:pars|format|convert|validat|comput|read|developers)\w*", 4), (r"\bsdk\b", 7),
        (r"importable", 5), (r"public (?:functions?|class(?:es)?|interface)", 5), (r"docstrings?", 3),
        (r"libreria (?:in )?python", 8),
        (r"python-?(?:bibliothek|paket)", 8), (r"bibliothèque python", 8), (r"biblioteca (?:de )?python", 8),
    ),
    "static_site": (
        (r"static (?:web)?(?:site|page|website)s?", 9), (r"landing page", 7), (r"brochure", 5), (r"portfolio", 5),
        (r"home ?page", 3), (r"website", 4), (r"web site", 4), (r"\bsite\b", 1), (r"no (?:server|backend|database)", 3),
        (r"webseite|homepage", 5), (r"site (?:vitrine|statique)", 9),
        (r"sitio (?:web )?estático|página web|sito (?:web )?statico", 6),
    ),
    "data_pipeline": (
        (r"(?:data|etl|batch|processing)[ -]pipelines?", 9), (r"pipelines?", 6), (r"\betl\b", 8), (r"ingests?", 3),
        (r"nightly|every night", 2), (r"csv(?: files?)?", 2), (r"transforms?", 2), (r"aggregates?", 2),
        (r"deduplicat\w*", 2), (r"parquet", 3), (r"datasets?", 1), (r"daten-?pipeline", 9), (r"flujo de datos", 8),
        (r"chaîne de traitement", 8),
    ),
    "report": (
        (r"(?:write|prepare|produce|draft|deliver) (?:an?|the|us an?|me an?) (?:[a-z-]+ ){0,3}"
         r"(?:report|study|paper|essay|analysis|review|memo)", 9),
        (r"(?:research|market|feasibility|written|status) (?:report|study|analysis|paper)", 7), (r"white ?paper", 7),
        (r"literature review", 8), (r"\breport (?:on|about)\b", 6), (r"chapters?", 2), (r"executive summary", 4),
        (r"recommendations?", 1), (r"essay", 5), (r"studie|bericht (?:über|zu)", 6),
        (r"rapport (?:sur|de recherche)", 7),
        (r"informe (?:sobre|de)", 7), (r"compare (?:the )?(?:options|alternatives)", 2),
    ),
    "mobile_client": (
        (r"(?:mobile|smart ?phone|phone|iphone|ios|android|native|tablet)[ -](?:app|application|client)s?", 8),
        (r"app for (?:the |our |my |your )?(?:i?phones?|android|ios|smart ?phones?|mobiles?)", 8),
        (r"\bios\b|\bandroid\b|\biphones?\b", 4), (r"app stores?|play store", 4),
        (r"push notifications?", 2), (r"on the go", 1), (r"camera|gps", 1), (r"handy-?app|smartphone-?app", 8),
        (r"app für (?:das |unsere? )?(?:handys?|smartphones?|android|ios)", 8),
        (r"application mobile|appli(?:cation)? pour (?:téléphone|smartphone)", 8),
        (r"(?:aplicación|app) (?:móvil|para (?:el )?(?:móvil|teléfono))", 8),
        (r"app (?:mobile|per (?:il )?telefono)", 8),
    ),
    "migration": (
        (r"migrat(?:e|es|ed|ing) (?:\S+ ){0,6}(?:from|to|away|off|into|onto)", 9), (r"migration (?:of|from|to)", 8),
        (r"data migration", 8), (r"\bmigrat(?:e|ion)\b", 4),
        (r"^(?:please )?(?:replace|move|port|upgrade) (?:our|the|an?) "
         r"(?:\S+ ){0,3}(?:existing|legacy|old|current|ageing)", 7),
        (r"^(?:please )?(?:move|port|transfer) (?:our|the|all) (?:\S+ ){0,6}(?:to|into|onto) (?:a |the )?new", 6),
        (r"legacy (?:system|database|application|code|data)", 4), (r"cut-?over", 4), (r"switch ?over", 3),
        (r"(?:old|existing|current) system", 2), (r"parallel (?:run|operation)", 3),
        (r"altsystem|umstieg (?:von|auf)", 6),
        (r"migrier\w+|migration (?:von|des|der|unserer)", 7), (r"migrer|migration (?:de|du|des|vers)", 7),
        (r"migrar|migración (?:de|del|a)", 7), (r"migrare|migrazione (?:di|del|della|da|verso)", 7),
    ),
    "event": (
        (r"^(?:please )?(?:organi[sz]e|plan|hold|host|run|prepare|arrange|put on|set up) "
         r"(?:an?|the|our|us an?|this year's) (?:[\w'-]+ ){0,5}(?:conference|workshop|festival|event|party|open day"
         r"|fair|meet-?up|hackathon|retreat|ceremony|concert|anniversary|congress|symposium|gala|wedding|tournament|exhibition"
         r"|reception|celebration|day|fête)", 12),
        (r"(?:organi[sz]e|organi[sz]ing|organi[sz]ation of) (?:an?|the|our) (?:[\w'-]+ ){0,3}(?:conference|festival"
         r"|event|party|open day|congress|workshop)", 7),
        (r"\bvenue\b", 3), (r"catering", 3), (r"(?:guest|keynote) speakers?", 3), (r"attendees", 2), (r"stage", 1),
        (r"invitations?", 1), (r"(?:plan|organisier|veranstalt|vorbereit|ausricht)\w* .{0,60}"
         r"(?:fest|tagung|konferenz|feier|veranstaltung|messe)\w*", 8),
        (r"(?:tag der offenen tür|sommerfest|jubiläumsfeier)", 5),
        (r"organis(?:er|ez|ons) (?:une?|la|le|notre) (?:\S+ ){0,2}(?:conférence|fête|événement|évènement|festival"
         r"|colloque|salon|journée)", 10),
        (r"organiz(?:ar|a|amos) (?:una?|la|el|nuestr[oa]) (?:\S+ ){0,2}(?:conferencia|fiesta|evento|festival|congreso"
         r"|feria|jornada)", 10),
        (r"organizz(?:are|iamo|a) (?:una?|il|la|un'|la nostra|il nostro) ?(?:\S+ ){0,2}(?:conferenza|festa|evento"
         r"|festival|convegno|fiera|giornata)", 10),
    ),
    "process_change": (
        (r"(?:change|redesign|rework|streamline|reorgani[sz]e|improve|introduce|roll out|replace|simplify|shorten) "
         r"(?:an?|the|our|how our) (?:[\w'-]+ ){0,5}(?:process|procedure|policy|routine|practice|way of working"
         r"|hand-?over)", 9),
        (r"change the way (?:we|our)", 9), (r"change how (?:we|our)", 9), (r"process change|change management", 9),
        (r"new (?:[\w-]+ ){0,2}(?:process|procedure|policy|way of working)", 5),
        (r"standard operating procedures?", 5),
        (r"train(?:ing)? (?:of )?(?:all |the |our )?(?:staff|teams?|everyone)", 2),
        (r"pilot (?:phase|team|ward|department)", 3), (r"from paper to|without paper forms", 1),
        (r"(?:prozess|ablauf|verfahren)\w* (?:ändern|umstellen|vereinfachen|einführen|verbessern)", 9),
        (r"(?:changer|simplifier|améliorer|revoir|introduire) (?:le|la|notre|nos|un nouveau) (?:\S+ ){0,2}"
         r"(?:processus|procédure)s?", 9),
        (r"(?:cambiar|simplificar|mejorar|introducir) (?:el|la|nuestr[oa]|un nuevo) (?:\S+ ){0,2}"
         r"(?:proceso|procedimiento)", 9),
        (r"(?:cambiare|semplificare|migliorare|introdurre) (?:il|la|il nostro|la nostra|un nuovo) (?:\S+ ){0,2}"
         r"(?:processo|procedura)", 9),
    ),
}  # fmt: skip
