"""The words by which facts are recognised, in English, German, French, Spanish and Italian.

They are data that is read: a word moves here, never into a condition somewhere else. All are lower case.
"""

from apps.engine.facts.verb_words import VERBS_DE as VERBS_DE
from apps.engine.facts.verb_words import VERBS_EN as VERBS_EN
from apps.engine.facts.verb_words import VERBS_ES as VERBS_ES
from apps.engine.facts.verb_words import VERBS_FR as VERBS_FR
from apps.engine.facts.verb_words import VERBS_IT as VERBS_IT
from apps.engine.facts.verb_words import word_set as word_set

MODALS = word_set(
    """
    can must should shall may could will need needs want wants able lets let allows allow enables enable helps
    kann können muss müssen soll sollen darf dürfen will wollen möchte möchten peut peuvent doit doivent veut
    veulent permet permettent puede pueden debe deben quiere quieren permite permiten
    può possono deve devono vuole vogliono permette permettono consente
    """
)
# after these an infinitive follows, which its ending tells even if no list has it
ROMANCE_MODALS = word_set(
    "peut peuvent doit doivent veut veulent puede pueden debe deben quiere quieren può possono "
    "deve devono vuole vogliono"
)
# they say how something is, not what it does
STATE_VERBS = word_set("être avoir rester ser estar tener haber essere avere restare sein haben bleiben werden dürfen")
INFINITIVES = ("er", "ir", "re", "ar", "are", "ere", "ire")
GERMAN_MODALS = word_set("kann können muss müssen soll sollen darf dürfen will wollen möchte möchten")
REQUEST_WORDS = MODALS | word_set(
    """
    require requires required please voulons wollen
    like expect supports support wish ensure bitte brauchen brauche benötigen
    benötigt sollte sollten wünschen besoin faut devrait devraient voudrions veuillez necesitamos necesito debería
    deberían queremos requiere vogliamo dovrebbe dovrebbero vorremmo serve occorre bisogno
    """
)

MAKE_VERBS = word_set(
    """
    build create make write develop design implement produce need want provide deliver prepare program code set
    baue bauen erstelle erstellen schreibe schreiben entwickle entwickeln brauchen brauche construire créer créez
    écrire développer construisez faire construir crear crea escribir desarrollar hacer haz necesitamos
    costruire costruisci creare crea sviluppare sviluppa realizzare realizza realizzate vogliamo vorremmo
    """
)

VERBS = VERBS_EN | VERBS_DE | VERBS_FR | VERBS_ES | VERBS_IT

# making a new one of what is kept, and what may be named with it: "add a book with a title and a year"
CREATING_VERBS = word_set(
    """
    add create enter open post record register save store submit upload insert capture collect log announce book
    start anlegen erfassen eintragen erstellen hinzufügen registrieren speichern ajouter créer enregistrer inscrire
    noter añadir agregar crear registrar guardar anotar apuntar aggiungere creare inserire registrare salvare
    iscrivere
    """
)
# bringing over what is kept somewhere else
BRINGING_VERBS = word_set(
    "import migrate transfer move übernehmen importieren importer migrer importar migrar importare"
)
# verbs of one group do the same to a thing; an item with verbs of two groups asks for two features
VERB_GROUPS = {
    verb: group
    for group, verbs in {
        "add": "add create register enter insert record",
        "change": "edit update change modify rename correct ändern bearbeiten umbenennen modifier editar actualizar "
                  "modificare aggiornare",
        "remove": "delete remove discard löschen entfernen supprimer eliminar borrar eliminare cancellare",
        "find": "search find filter query suchen finden filtern chercher rechercher filtrer buscar filtrar "
                "cercare trovare filtrare",
        "list": "list browse show display view see auflisten anzeigen afficher lister listar mostrar "
                "mostrare visualizzare",
        "approve": "approve accept confirm",
        "reject": "reject decline deny",
        "archive": "archive", "restore": "restore", "import": "import", "export": "export", "lend": "lend borrow",
        "return": "return", "lock": "lock block", "unlock": "unlock unblock", "cancel": "cancel",
    }.items()
    for verb in verbs.split()
}  # fmt: skip
# a verb and the thing that doing it makes: to book a room is to keep a booking, where bookings are kept
MADE_BY = {
    "book": "booking", "reserve": "reservation", "rent": "rental", "borrow": "loan", "lend": "loan", "pay": "payment",
    "order": "order", "note": "note", "report": "report",
     "enrol": "enrolment", "apply": "application", "reservar": "reserva",
    "réserver": "réservation", "emprunter": "emprunt", "buchen": "buchung", "ausleihen": "ausleihe",
    "prenotare": "prenotazione", "prestare": "prestito", "noleggiare": "noleggio",
}  # fmt: skip
# what a report about everything that is kept may call it: "the total", "the result"
OVERVIEW_VERBS = word_set(
    "list browse see display show search find filter count export import sort total sum summarise summarize"
)
SUMMING_VERBS = word_set("count export import total sum summarise summarize")
ANY_THINGS = word_set("item thing record list summary total number everything result overview")
ADVERBS = word_set("often always never sometimes again together")
SURELY_ADDING_VERBS = word_set(
    "add register enter lend borrow reserve anlegen hinzufügen ajouter añadir agregar aggiungere"
)
UMBRELLA_VERBS = word_set(
    "manage track keep handle organise organize maintain administer verwalten gérer gestionar gestire"
)
# how a thing behaves rather than what it does for somebody: "it should answer within a second"
BEHAVING_VERBS = word_set(
    "answer respond start load run work keep take handle finish exit appear stay remain open scale cope behave survive"
)
COMPLAINING = word_set("forgot forget failed tried used mess lose stop instead currently today lost")

STORING_VERBS = word_set(
    """
    add create edit update delete remove save store record register upload import list search archive borrow lend
    book reserve track manage share tag submit collect order enter anlegen bearbeiten löschen speichern hinzufügen
    erfassen suchen verwalten ajouter créer modifier supprimer enregistrer gérer rechercher añadir crear editar
    eliminar guardar gestionar buscar agregar aggiungere creare modificare eliminare salvare gestire cercare
    registrare prenotare prestare restituire
    """
)

JOINERS = word_set("and or & und oder sowie et ou y e o u then also plus")
PREPOSITIONS = word_set(
    """
    such like
    in by with for from to on at into onto over under via per using through as about between during after before
    within without when if while so because which that who where whose until than once unless mit für von nach aus
    bei über durch wenn damit weil dass avec pour dans par sur sans quand afin depuis selon con para por desde
    sobre sin cuando per da nel nella nei nelle sul sulla senza quando secondo tra
    """
)
OF_WORDS = word_set("of de del des du d von di della dei delle degli dello")
DETERMINERS = word_set(
    """
    a an the all any each every some their his her its our your my this these those new own one several many more
    other another few both existing multiple single old current der die das den dem ein eine einen ihre ihr ihren
    alle neue neuen le la les un une des leurs leur ses ces tous toutes l d el los las unos unas sus todos todas il
    lo gli uno ogni suo sua suoi loro nuovo nuova nuovi tutti tutte
    """
)
PRONOUNS = word_set(
    "it them they these those this that one ones me us you him her others something anything "
    "sie es ihn les le la lo los las"
)

NEGATIONS = word_set(
    """
    not no never without don't doesn't mustn't shouldn't can't cannot avoid neither nor nicht kein keine keinen
    keiner ohne nie niemals sans jamais aucun aucune pas sin nunca ningún ninguna non nessun nessuna senza
    """
)
CLAUSE_ENDS = word_set("but instead however sondern aber mais sino pero ma però")

THING_WORDS = word_set(
    """
    it they we i you he she this that there app application site website page pages system tool program software
    service api server library package script pipeline report command data everything which who what one results
    output input file files text title deadline budget build tests code users' es wir ich er sie man anwendung
    seite programm on nous je il elle ils elles vous cela application site outil nosotros yo usted ello aplicación
    sitio herramienta programa applicazione sito strumento programma sistema noi
    """
)
PERSON_WORDS = word_set(
    """
    secretary secretaries
    cook chef boss volunteer volunteers owner nephew board staff waiter priest monk pupil pupils technician mechanic
    mechanics judge guide patient pilot employee council committee management leadership shareholders user users
    people person staff student students parent parents team teams member members guest guests child children admin
    admins everyone anyone client clients family families nurse nurses coach coaches public company companies
    neighbours neighbors nutzer benutzer kunden mitglieder bibliothekar utilisateur utilisateurs client membres
    usuario usuarios clientes miembros bibliotecario utente utenti clienti socio soci bibliotecario bibliotecari
    """
)
# a tool that is built is no thing that is kept, but the tools of a tool library are
EITHER_WORDS = word_set(
    """
    tool page program service package script library report command file text title result test server site
    programm outil site herramienta budget code output input
    """
)
PERSON_ENDINGS = ("er", "ers", "or", "ors", "ist", "ists", "ian", "ians", "ant", "ants", "ee", "ees", "eur", "eurs")
NOT_PERSONS = word_set(
    """
    longer larger smaller bigger better easier newer older higher lower sooner rather faster slower cheaper former
    latter table matter paper summer winter master user-friendly per
    order orders number numbers letter letters server servers folder folders filter filters error errors paper
    papers answer answers calendar weather color colour colors colours door doors other others after later under
    over never ever either whether together water newsletter newsletters reminder reminders header headers footer
    parameter parameters chapter chapters register registers computer computers printer browser browsers router
    sensor sensors vector vectors container containers layer layers user-facing list lists plant plants restaurant
    restaurants important want constant document
    """
)

QUALITIES: dict[str, tuple[str, ...]] = {
    "fast": (
        "fast",
        "quick",
        "quickly",
        "responsive",
        "performance",
        "milliseconds",
        "ms",
        "schnell",
        "rapide",
        "rápido",
    ),
    "secure": (
        "secure",
        "security",
        "encrypted",
        "encryption",
        "passwords",
        "sicher",
        "sécurisé",
        "sécurité",
        "seguro",
    ),
    "accessible": ("accessible", "accessibility", "wcag", "screen-reader", "keyboard", "barrierefrei", "accesible"),
    "private": ("private", "privacy", "gdpr", "dsgvo", "confidential", "rgpd", "datenschutz", "privacidad"),
    "reliable": ("reliable", "robust", "durable", "backup", "backups", "crash", "zuverlässig", "fiable"),
    "auditable": (
        "audit",
        "auditable",
        "traceable",
        "history",
        "undo",
        "logged",
        "traced",
        "traceability",
        "versioned",
        "nachvollziehbar",
    ),
    "simple": ("simple", "simplest", "easy", "minimal", "tiny", "einfach", "sencillo", "sencilla"),
    "offline": ("offline", "hors-ligne"),
    "mobile": ("mobile", "phone", "phones", "smartphone", "handy", "móvil"),
    "scalable": ("scalable", "scale", "concurrent", "thousands", "millions", "skalierbar"),
    "tested": ("tested", "tests", "coverage", "getestet", "testé"),
}

TECHNOLOGIES = word_set(
    """
    python sqlite sql postgres postgresql mysql redis docker kubernetes javascript typescript react vue htmx html
    css json csv xml yaml markdown flask django fastapi rest graphql grpc java rust go linux windows pdf excel
    parquet stdlib
    """
)

SECTIONS: dict[str, tuple[str, ...]] = {
    "out_of_scope": ("out of scope", "non-goals", "non goals", "not wanted", "must not", "won't", "exclusions", "nicht",
                     "out-of-scope", "later", "hors périmètre", "fuera de alcance"),
    "background": ("background", "context", "about us", "introduction", "history", "motivation", "why", "hintergrund",
                   "contexte", "contexto", "who we are", "the problem"),
    "constraints": ("constraint", "non-functional", "nonfunctional", "technical", "technology", "technologies",
                    "limits", "budget", "deadline", "timeline", "schedule", "practicalities",
                    "rahmenbedingungen", "contraintes", "restricciones", "qualities",
                    "quality"),
    "data": ("data model", "entities", "data", "fields", "records", "daten", "données", "datos"),
    "users": ("users", "roles", "audience", "actors", "nutzer", "utilisateurs", "usuarios"),
    "features": ("feature", "function", "requirement", "what it must", "must", "should", "can", "wanted", "needs",
                 "scope", "commands", "endpoints", "steps", "topics", "questions", "sections", "pages", "chapters",
                 "goals", "user stories", "use cases",
                 "anforderungen", "funktionen", "fonctionnalités", "exigences", "funciones", "requisitos"),
}  # fmt: skip

MONTHS = word_set(
    """
    january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember janvier février mars avril juin
    juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre
    octubre noviembre diciembre monday tuesday wednesday thursday friday saturday sunday montag freitag vendredi
    lundi viernes lunes
    """
)

ABBREVIATIONS = word_set(
    """
    e.g i.e etc vs dr mr mrs prof approx cf resp incl excl max min inc ltd z.b d.h bzw usw ggf evtl nr p.ej sr sra
    m mme st p.ex ex vol pp u.a a.m p.m
    """
)

# what verbs act on without its being a thing that is kept
NOT_ENTITIES = word_set(
    """
    url word status return roster date step price
    everything change number summary average end part way start pdf address
    duplicate file line error row result output input value word character number total format text way time day
    name column data use reminder email e-mail notification message page screen list choice option detail change
    """
)

# a short sentence with one of these tells or greets; without them it is a fragment of a specification
TELLING = word_set(
    """
    is are was were have had has thanks thank hello hi dear regards greetings we i us our my you ich wir danke bonjour
    i'm we're it's nobody today currently merci nous hola gracias hallo tbd siamo abbiamo grazie ciao
    """
)
