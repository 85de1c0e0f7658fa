"""The verbs by which features are recognised, in the base form, in English, German, French, Spanish and Italian."""


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


VERBS_EN = word_set(
    """
    accept acknowledge activate add adjust aggregate alert allow analyse analyze announce anonymise anonymize answer
    append apply approve archive arrange assess assign attach ban bill block book borrow browse buy calculate call
    cancel capture categorise categorize change chart chat check choose classify clean clear close collect colour
    combine comment compare compile complete compose compress compute confirm contact convert copy correct count
    create crop cross-check deactivate decode decorate decrypt deduplicate define delete deliver deny describe
    detect diff disable discard discuss dispatch display divide donate download drag draw drop edit email
    emit encode encrypt enforce enrich enrol enroll enter erase escalate estimate evaluate examine exchange execute
    explain export extract fetch fill filter find fix flag follow forecast format forward generate geocode get give
    grant graph group hand handle hide highlight hire import index inform insert inspect install integrate invite
    invoice issue join keep label lend link lint list load locate lock log look maintain make manage map mark match
    measure memorise memorize merge message migrate moderate monitor move multiply name normalise normalize notify
    observe obtain offer open optimise optimize order organise organize page parse pause pay persist pick pin plan
    play plot post postpone practise predict prepend preserve preview print process protect prune publish pull purge
    push query rank rate read recalculate receive recommend reconcile record recruit redact redeem redirect refill
    refresh refund regenerate register rehearse reindex reject release remind remove rename renew reorder repeat
    rephrase replace replicate reply report reproduce request reroute reschedule reserve reset resize resolve
    restore retrieve retry return review rewrite roll rotate round run sample sanitise sanitize save scan schedule
    scrape scrub search see select sell send serialise serialize serve set share ship shorten show shuffle sign
    simulate snooze solve sort split start stop store stream submit subscribe subtract suggest sum summarise
    summarize summon supervise support swap switch sync synchronise synchronize tag take test toggle tokenise
    tokenize total trace track transcode transcribe transfer transform translate undo uninstall unlink unlock unpack
    unsubscribe unzip update upload use validate verify view visualise visualize vote warn watch withdraw write
    """
)
VERBS_DE = word_set(
    """
    abbrechen abfragen abgeben abhaken ablehnen abonnieren abrechnen abrufen absagen abschließen aktualisieren
    anhängen anlegen anmelden annehmen anrufen ansehen antworten anzeigen archivieren auflisten aufnehmen aufrufen
    aufteilen ausdrucken ausfüllen ausgeben ausleihen ausrechnen austragen auswerten auswählen backen beantragen
    beantworten bearbeiten begleichen belegen benachrichtigen benennen berechnen bestellen bestätigen bewerten
    bezahlen blättern buchen drucken einfügen eingeben einkaufen einladen einlesen einreichen einrichten einsammeln
    einsehen einstellen einteilen eintragen entfernen entleihen erfassen erhalten erinnern erledigen erstellen
    erzeugen exportieren festlegen filtern finden formatieren fotografieren freigeben genehmigen herunterladen
    hinterlegen hinzufügen hochladen holen importieren kaufen kommentieren kopieren kündigen laden lesen löschen
    mahnen markieren melden mieten mitteilen nachschlagen notieren ordnen pflegen planen prüfen registrieren
    reservieren schicken schließen sehen senden sichern sortieren speichern sperren stornieren suchen tauschen
    teilen testen trennen umbenennen umrechnen umwandeln unterschreiben vereinbaren verfolgen vergeben vergleichen
    verkaufen verleihen verlängern vermieten verschicken verschieben versenden verwalten veröffentlichen vorbereiten
    vormerken wandeln wiederherstellen wählen zahlen zeichnen zeigen zurückgeben zurücknehmen zusagen zusammenfassen
    zusammenstellen zuweisen zählen ändern öffnen übernehmen übersetzen übertragen überweisen
    """
)
VERBS_FR = word_set(
    """
    accepter acheter activer adapter afficher ajouter analyser annuler appeler approuver archiver associer attribuer
    bloquer calculer chercher choisir classer clôturer cocher commander commenter comparer compter confirmer
    consulter contacter convertir copier corriger créer demander dessiner distribuer dupliquer déclarer découper
    démarrer déplacer déposer désactiver effacer effectuer emprunter encaisser enregistrer envoyer estimer exporter
    extraire facturer fermer filtrer former générer gérer importer imprimer informer inscrire installer inviter
    joindre lancer lier lire lister localiser louer marquer mesurer mettre modifier montrer naviguer nettoyer noter
    notifier obtenir ordonner organiser ouvrir partager payer planifier programmer prolonger proposer protéger
    préparer prêter publier rappeler recevoir rechercher refuser rejeter relancer relire remplacer remplir rendre
    renommer renouveler renvoyer reporter restituer retirer retrouver régler réparer répondre réserver sauvegarder
    scanner signaler signer sortir suivre supprimer sélectionner tester traduire traiter transformer transférer
    transmettre trier trouver télécharger utiliser valider vendre vider visualiser voir voter vérifier échanger
    éditer évaluer
    """
)
VERBS_ES = word_set(
    """
    abrir aceptar activar actualizar adjuntar agregar alquilar analizar anotar anular aprobar apuntar archivar
    asignar avisar ayudar añadir bloquear borrar buscar calcular cambiar cancelar cargar cerrar clasificar cobrar
    comentar comparar compartir completar comprar comprobar confirmar consultar contar contestar convertir copiar
    corregir crear dar desactivar descargar devolver dibujar dividir duplicar editar elegir eliminar encontrar
    entregar enviar escanear escribir evaluar exportar extraer facturar filtrar firmar formatear generar gestionar
    guardar importar imprimir indicar informar ingresar inscribir insertar instalar introducir invitar leer limpiar
    listar llamar mandar marcar medir modificar mostrar mover notificar obtener ordenar organizar pagar pedir
    planificar poner preparar prestar proponer proteger publicar quitar rechazar recibir recordar recuperar
    registrar renombrar renovar reparar repartir reservar responder restaurar resumir retirar revisar sacar seguir
    seleccionar separar solicitar subir sumar tomar traducir transferir transformar unir usar vaciar validar vender
    ver verificar votar
    """
)
VERBS_IT = word_set(
    """
    accettare aggiornare aggiungere annullare approvare aprire archiviare assegnare calcolare cancellare caricare
    cercare chiudere commentare comprare condividere confrontare consultare contare controllare convertire copiare
    creare eliminare esportare filtrare firmare generare gestire importare inserire inviare invitare iscrivere
    lasciare leggere mandare modificare mostrare noleggiare notificare ordinare organizzare pagare pianificare prenotare
    prestare pubblicare registrare restituire ricevere rifiutare rinnovare salvare scaricare scegliere scrivere
    segnalare segnare spostare stampare trovare unire validare valutare vedere vendere verificare visualizzare
    votare
    """
)
