"""The words by which facts are recognised, in English, German, French and Spanish.

They are data that is read: a word moves here, never into a condition somewhere else. All are lower case.
"""


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS: dict[str, frozenset[str]] = {
    "en": word_set("the a an and of to is are in for with that it we our be can must should on by as from"),
    "de": word_set("der die das und ein eine einen ist sind zu mit für von wir den dem auf soll kann nicht im"),
    "fr": word_set("le la les et un une des est sont à avec pour de nous du dans que qui sur doit peut ne"),
    "es": word_set("el la los las y un una es son con para de nosotros del en que por debe puede al su se"),
}

MODALS = word_set(
    """
    can must should shall may could will need needs want wants able lets let allows allow enables enable helps
    kann können muss müssen soll sollen darf dürfen will wollen möchte möchten peut peuvent doit doivent veut
    veulent permet permettent puede pueden debe deben quiere quieren permite permiten
    """
)
GERMAN_MODALS = word_set("kann können muss müssen soll sollen darf dürfen will wollen möchte möchten")
REQUEST_WORDS = MODALS | word_set(
    """
    require requires required please voulons wollen
    like expect supports support wish ensure bitte brauchen brauche benötigen
    benötigt sollte sollten wünschen besoin faut devrait devraient voudrions veuillez necesitamos necesito debería
    deberían queremos requiere
    """
)

MAKE_VERBS = word_set(
    """
    build create make write develop design implement produce need want provide deliver prepare program code set
    baue bauen erstelle erstellen schreibe schreiben entwickle entwickeln brauchen brauche construire créer créez
    écrire développer construisez faire construir crear crea escribir desarrollar hacer haz necesitamos
    """
)

VERBS_EN = word_set(
    """
    accept activate anonymise anonymize
    add aggregate alert allow analyse analyze announce answer apply approve archive arrange assess
    assign attach ban
    bill block book borrow browse buy calculate call cancel capture categorise categorize change chart chat check
    choose classify clean clear close collect colour combine comment compare compile complete compress compute
    confirm contact convert copy correct count create crop cross-check decode decrypt deduplicate define delete
    deactivate deliver deny
    describe detect diff discard discuss display divide download drag draw drop edit email encode encrypt
    enrich enter estimate evaluate examine exchange execute explain export extract fetch fill filter find fix flag
    follow forecast format forward generate get give grant graph group hand handle hide highlight import index inform
    insert inspect install integrate invite invoice issue join keep label lend link lint list load lock log look
    maintain make manage map mark match measure merge message moderate monitor move multiply name notify observe
    offer open order organise organize page parse pause
    pay pick pin plan play plot post predict preview print process protect
    publish pull push query rank rate read receive recommend record redirect refresh refund register reject release
    remind
    remove rename renew repeat replace reply report request reschedule reserve reset resize resolve restore
    retrieve return review roll rotate round run sample save scan schedule search see select sell send serve set share
    ship show sign solve sort split start stop store stream submit subscribe subtract suggest sum summarise
    summarize support swap switch sync tag take test toggle total trace track transfer transform translate undo
    unlink unlock
    unsubscribe update upload use validate verify view visualise visualize vote warn watch withdraw write
    """
)
VERBS_DE = word_set(
    """
    abbrechen abfragen abonnieren anlegen anmelden anzeigen ändern archivieren auflisten aufrufen ausdrucken
    ausleihen ausgeben auswerten bearbeiten bestellen bewerten bezahlen buchen drucken eintragen entfernen
    erfassen erinnern erstellen exportieren filtern finden freigeben herunterladen hinzufügen hochladen
    importieren kaufen kommentieren löschen lesen melden prüfen registrieren reservieren senden sehen sortieren
    abhaken absagen ansehen aktualisieren ausfüllen
    benachrichtigen einladen einsehen entleihen festlegen hinterlegen planen sperren
    verleihen zurücknehmen zuweisen
    speichern stornieren suchen teilen umbenennen verfolgen vergleichen verlängern verwalten zählen zeigen
    zurückgeben
    """
)
VERBS_FR = word_set(
    """
    afficher ajouter annuler archiver calculer chercher commander comparer consulter convertir créer demander
    emprunter enregistrer envoyer exporter filtrer gérer importer imprimer inscrire lire lister louer modifier
    attribuer clôturer fermer noter ouvrir payer planifier signaler
    partager rechercher rendre réserver suivre supprimer télécharger trier valider vérifier voir
    """
)
VERBS_ES = word_set(
    """
    abrir actualizar añadir agregar anotar anular apuntar asignar cerrar marcar
    archivar borrar buscar calcular cancelar comparar comprar compartir consultar
    convertir crear descargar devolver editar eliminar enviar exportar filtrar gestionar guardar imprimir importar
    leer listar modificar mostrar ordenar pagar prestar registrar reservar seguir subir validar ver verificar
    """
)
VERBS = VERBS_EN | VERBS_DE | VERBS_FR | VERBS_ES

# making a new one of what is kept, and what may be named with it: "add a book with a title and a year"
CREATING_VERBS = word_set(
    """
    add create enter open post record register save store submit upload insert capture collect log announce book
    start anlegen erfassen eintragen erstellen hinzufügen registrieren speichern ajouter créer enregistrer inscrire
    noter añadir agregar crear registrar guardar anotar apuntar
    """
)
# verbs of one group do the same to a thing; an item with verbs of two groups asks for two features
VERB_GROUPS = {
    verb: group
    for group, verbs in {
        "add": "add create register enter insert record",
        "change": "edit update change modify rename correct ändern bearbeiten umbenennen modifier editar actualizar",
        "remove": "delete remove discard löschen entfernen supprimer eliminar borrar",
        "find": "search find filter query suchen finden filtern chercher rechercher filtrer buscar filtrar",
        "list": "list browse show display view see auflisten anzeigen afficher lister listar mostrar",
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
}  # fmt: skip
# what a report about everything that is kept may call it: "the total", "the result"
OVERVIEW_VERBS = word_set(
    "list browse see display show search find filter count export import sort total sum summarise summarize"
)
SUMMING_VERBS = word_set("count export import total sum summarise summarize")
ANY_THINGS = word_set("item thing record list summary total number everything result overview")
ADVERBS = word_set("often always never sometimes again together")
SURELY_ADDING_VERBS = word_set("add register enter lend borrow reserve anlegen hinzufügen ajouter añadir agregar")
UMBRELLA_VERBS = word_set("manage track keep handle organise organize maintain administer verwalten gérer gestionar")
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
    eliminar guardar gestionar buscar agregar
    """
)

JOINERS = word_set("and or & und oder sowie et ou y e o u then also plus")
PREPOSITIONS = word_set(
    """
    such like
    in by with for from to on at into onto over under via per using through as about between during after before
    within without when if while so because which that who where whose until than once unless mit für von nach aus
    bei über durch wenn damit weil dass avec pour dans par sur sans quand afin depuis selon con para por desde
    sobre sin cuando
    """
)
OF_WORDS = word_set("of de del des du d von")
DETERMINERS = word_set(
    """
    a an the all any each every some their his her its our your my this these those new own one several many more
    other another few both existing multiple single old current der die das den dem ein eine einen ihre ihr ihren
    alle neue neuen le la les un une des leurs leur ses ces tous toutes l d el los las unos unas sus todos todas
    """
)
PRONOUNS = word_set(
    "it them they these those this that one ones me us you him her others something anything "
    "sie es ihn les le la lo los las"
)

NEGATIONS = word_set(
    """
    not no never without don't doesn't mustn't shouldn't can't cannot avoid neither nor nicht kein keine keinen
    keiner ohne nie niemals sans jamais aucun aucune pas sin nunca ningún ninguna
    """
)
CLAUSE_ENDS = word_set("but instead however sondern aber mais sino pero")

THING_WORDS = word_set(
    """
    it they we i you he she this that there app application site website page pages system tool program software
    service api server library package script pipeline report command data everything which who what one results
    output input file files text title deadline budget build tests code users' es wir ich er sie man anwendung
    seite programm on nous je il elle ils elles vous cela application site outil nosotros yo usted ello aplicación
    sitio herramienta programa
    """
)
PERSON_WORDS = word_set(
    """
    cook chef boss volunteer volunteers owner nephew board staff waiter priest monk pupil pupils technician mechanic
    mechanics judge guide patient pilot employee council committee management leadership shareholders
    user users people person staff student students parent parents team teams member members guest guests child
    children admin admins everyone anyone client clients family families nurse nurses coach coaches public company
    companies neighbours neighbors nutzer benutzer kunden mitglieder bibliothekar utilisateur utilisateurs client
    membres usuario usuarios clientes miembros bibliotecario
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
    i'm we're it's nobody today currently merci nous hola gracias hallo tbd
    """
)
