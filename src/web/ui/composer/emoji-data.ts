/** A line is `EMOJI english words|deutsche Wörter`; a `+` after the emoji says that it has skin tones. */
export const data = {
  faces: `
😀 grinning happy smile|grinsend fröhlich lachen
😃 happy open smile|fröhlich lächeln
😄 laughing happy eyes|lachend fröhlich
😁 beaming grin|strahlend grinsen
😆 squinting laugh|lachen zugekniffen
😅 sweat relief laugh|erleichtert Schweiß lachen
😂 tears of joy laugh lol|Tränen lachen
🤣 rolling floor laugh|kugeln lachen Boden
🙂 slight smile|leicht lächeln
🙃 upside down|kopfüber
😉 wink|zwinkern
😊 blush smile happy|verlegen lächeln froh
😇 angel innocent halo|Engel unschuldig Heiligenschein
🥰 love hearts adore|verliebt Herzen Liebe
😍 heart eyes love|Herzaugen verliebt Liebe
🤩 star struck wow|Sternaugen begeistert
😘 kiss blow heart|Kuss Herz
😗 kissing|küssen
😋 yummy delicious tongue|lecker Zunge
😛 tongue out|Zunge
😜 crazy wink tongue|verrückt zwinkern Zunge
🤪 zany crazy|verrückt albern
😝 squint tongue|Zunge zugekniffen
🤗 hug|umarmen Umarmung
🤭 oops giggle hand|ups kichern Hand
🤫 quiet shush|leise psst still
🤔 thinking hmm|nachdenken hm grübeln
🤐 zipper mouth secret|Reißverschluss still Geheimnis
🤨 raised eyebrow doubt|Augenbraue Zweifel
😐 neutral|neutral
😑 expressionless|ausdruckslos
😶 without mouth silent|sprachlos stumm
😏 smirk|selbstgefällig
😒 unamused bored|verstimmt gelangweilt
🙄 rolling eyes|Augen rollen
😬 grimace awkward|Grimasse peinlich
😌 relieved calm|erleichtert ruhig
😔 sad pensive|traurig nachdenklich
😪 sleepy|schläfrig
🤤 drool|sabbern
😴 sleeping asleep tired|schlafend müde
😷 mask ill|Maske krank
🤒 fever ill thermometer|Fieber krank Thermometer
🤕 hurt bandage|verletzt Verband
🤢 nauseated sick|übel schlecht
🤮 vomit|erbrechen
🤧 sneeze cold|niesen erkältet
🥵 hot sweat|heiß schwitzen
🥶 cold freezing|kalt frieren
🥴 woozy dizzy|beschwipst schwindlig
🤯 mind blown exploding|Kopf explodiert
🥳 party celebrate birthday|Party feiern Geburtstag
😎 cool sunglasses|cool Sonnenbrille
🤓 nerd glasses|Streber Brille
🧐 monocle curious|Monokel neugierig
😕 confused|verwirrt
😟 worried|besorgt
🙁 frown sad|traurig Stirnrunzeln
😮 surprised open mouth|überrascht staunen
😲 astonished|erstaunt
😳 flushed embarrassed|verlegen rot
🥺 pleading please|bittend bitte
😨 fearful|ängstlich
😰 anxious sweat|Angst Schweiß
😢 crying sad tear|weinen traurig Träne
😭 sobbing loud crying|heulen weinen
😱 scream shock|schreien Schreck
😖 confounded|verzweifelt
😞 disappointed|enttäuscht
😩 weary tired|erschöpft müde
😫 exhausted tired|erschöpft müde
🥱 yawn tired bored|gähnen müde langweilig
😤 triumph huff|schnauben
😡 angry red|wütend rot
😠 angry|wütend böse
🤬 swearing cursing|fluchen schimpfen
😈 devil smile|Teufel
💀 skull dead|Totenkopf tot
💩 poo|Haufen Kacke
🤡 clown|Clown
👻 ghost|Gespenst Geist
👽 alien|Außerirdischer
🤖 robot|Roboter
😺 cat smile|Katze lächeln
😻 cat love|Katze verliebt
😿 cat crying|Katze weinen
🙈 monkey see no evil|Affe nichts sehen
🙉 monkey hear no evil|Affe nichts hören
🙊 monkey speak no evil|Affe nichts sagen
`,
  people: `
👋+ wave hello bye|winken hallo tschüss
🤚+ raised back of hand|Handrücken
✋+ raised hand stop high five|Hand stopp
🖖+ vulcan spock|Vulkanier
👌+ ok|okay perfekt
🤌+ pinched fingers|Finger Italien
🤏+ little bit|bisschen klein
✌️+ victory peace|Frieden Sieg
🤞+ fingers crossed luck|Daumen drücken Glück
🤟+ love you|ich liebe dich
🤘+ rock horns|Rock
🤙+ call me|ruf an
👈+ left point|links zeigen
👉+ right point|rechts zeigen
👆+ up point|oben zeigen
👇+ down point|unten zeigen
☝️+ one up|eins oben
👍+ thumbs up yes good like|Daumen hoch ja gut
👎+ thumbs down no bad|Daumen runter nein schlecht
✊+ fist|Faust
👊+ punch fist|Faust
👏+ clap bravo|klatschen Applaus bravo
🙌+ hooray hands|hurra Hände
🫶+ heart hands|Herz Hände
👐+ open hands|offene Hände
🤲+ palms together|Handflächen
🤝 handshake deal|Handschlag abgemacht
🙏+ please thank you pray|bitte danke beten
✍️+ writing|schreiben
💅+ nails polish|Nägel Lack
🤳+ selfie|Selfie
💪+ strong muscle|stark Muskel
👂+ ear listen|Ohr hören
👀 eyes look|Augen schauen
👅 tongue|Zunge
👄 mouth lips|Mund Lippen
👶+ baby|Baby
🧒+ child|Kind
👦+ boy|Junge
👧+ girl|Mädchen
🧑+ person adult|Mensch Person
👨+ man|Mann
👩+ woman|Frau
🧓+ older person|älterer Mensch
👴+ grandpa old man|Opa alter Mann
👵+ grandma old woman|Oma alte Frau
🙅+ no gesture|nein Geste
🙆+ ok gesture|okay Geste
💁+ tipping hand info|Auskunft
🙋+ raising hand question|melden Frage
🤦+ facepalm|Hand Gesicht
🤷+ shrug|Schulterzucken keine Ahnung
🧑‍🍳+ cook chef|Koch Köchin kochen
🧑‍🎓+ student graduate|Studium Abschluss
🧑‍🏫+ teacher|Lehrer Lehrerin Schule
🧑‍⚕️+ doctor nurse|Arzt Ärztin
🧑‍🔧+ mechanic|Mechaniker
🧑‍💻+ computer work|Computer Arbeit
🧑‍🌾+ farmer garden|Bauer Garten
🧑‍🚒+ fire fighter|Feuerwehr
👮+ police|Polizei
🎅+ santa christmas|Weihnachtsmann Nikolaus
👸+ princess|Prinzessin
🤴+ prince|Prinz
🦸+ superhero|Superheld
🧙+ wizard magic|Zauberer
🧚+ fairy|Fee
🧜+ mermaid|Meerjungfrau
💃+ dancing woman|tanzen Frau
🕺+ dancing man|tanzen Mann
🚶+ walking|gehen Spaziergang
🏃+ running|rennen laufen
👪 family|Familie
👭+ two women friends|zwei Frauen Freundinnen
👫+ couple|Paar
👬+ two men friends|zwei Männer Freunde
💑+ couple love|Liebespaar
👣 footprints|Fußspuren
`,
  hearts: `
❤️ red heart love|rotes Herz Liebe
🧡 orange heart|oranges Herz
💛 yellow heart|gelbes Herz
💚 green heart|grünes Herz
💙 blue heart|blaues Herz
💜 purple heart|lila Herz
🤎 brown heart|braunes Herz
🖤 black heart|schwarzes Herz
🤍 white heart|weißes Herz
💔 broken heart|gebrochenes Herz
💕 two hearts|zwei Herzen
💞 revolving hearts|kreisende Herzen
💓 beating heart|schlagendes Herz
💖 sparkling heart|funkelndes Herz
💝 heart ribbon gift|Herz Schleife Geschenk
💋 kiss lips|Kuss Lippen
💯 hundred perfect|hundert perfekt
💢 anger|Ärger
💥 boom collision|Knall
💫 dizzy star|Stern schwindlig
💦 splash sweat|Tropfen Wasser
💤 sleep zzz|schlafen zzz
💬 speech bubble|Sprechblase
💭 thought bubble|Gedankenblase
✅ done check yes|erledigt Haken ja
❌ cross no wrong|Kreuz nein falsch
❓ question|Frage
❗ exclamation important|Ausrufezeichen wichtig
⚠️ warning|Achtung Warnung
🚫 forbidden|verboten
♻️ recycle|Recycling
✨ sparkles|Funkeln
⭐ star|Stern
🌟 glowing star|leuchtender Stern
🔥 fire hot|Feuer heiß
🆗 ok|okay
🆘 help sos|Hilfe SOS
🔝 top|Spitze
➕ plus|plus
➖ minus|minus
🔔 bell|Glocke
🔕 bell off silent|Glocke aus stumm
🎵 note music|Note Musik
🎶 notes music|Noten Musik
🏳️‍🌈 rainbow flag pride|Regenbogenfahne
🇪🇺 european union|Europäische Union
🇩🇪 germany|Deutschland
🇦🇹 austria|Österreich
🇨🇭 switzerland|Schweiz
🇬🇧 united kingdom|Großbritannien
🇺🇸 united states|USA
🇫🇷 france|Frankreich
🇮🇹 italy|Italien
🇪🇸 spain|Spanien
🇹🇷 turkey|Türkei
🇺🇦 ukraine|Ukraine
🇵🇱 poland|Polen
`,
  nature: `
🐶 dog puppy|Hund Welpe
🐱 cat|Katze
🐈 cat walking|Katze
🐕 dog walking|Hund
🐭 mouse|Maus
🐹 hamster|Hamster
🐰 rabbit bunny|Hase Kaninchen
🦊 fox|Fuchs
🐻 bear|Bär
🐼 panda|Panda
🐨 koala|Koala
🐯 tiger|Tiger
🦁 lion|Löwe
🐮 cow|Kuh
🐷 pig|Schwein
🐸 frog|Frosch
🐵 monkey|Affe
🐔 chicken hen|Huhn Henne
🐧 penguin|Pinguin
🐦 bird|Vogel
🐤 chick|Küken
🦆 duck|Ente
🦉 owl|Eule
🦄 unicorn|Einhorn
🐴 horse|Pferd
🐝 bee|Biene
🐛 caterpillar bug|Raupe
🦋 butterfly|Schmetterling
🐌 snail|Schnecke
🐞 ladybug|Marienkäfer
🕷️ spider|Spinne
🐢 turtle|Schildkröte
🐍 snake|Schlange
🦖 dinosaur|Dinosaurier
🐙 octopus|Krake
🐠 fish|Fisch
🐬 dolphin|Delfin
🐳 whale|Wal
🦔 hedgehog|Igel
🐿️ squirrel|Eichhörnchen
🐾 paws|Pfoten
🌵 cactus|Kaktus
🎄 christmas tree|Weihnachtsbaum
🌲 fir tree|Tanne Baum
🌳 tree|Baum
🌴 palm|Palme
🌱 seedling plant|Keimling Pflanze
🍀 four leaf clover luck|Kleeblatt Glück
🍁 maple leaf autumn|Ahorn Blatt Herbst
🍂 leaves autumn|Laub Herbst
🍄 mushroom|Pilz
🌹 rose|Rose
🌷 tulip|Tulpe
🌻 sunflower|Sonnenblume
🌼 blossom flower|Blüte Blume
🌸 cherry blossom|Kirschblüte
💐 bouquet flowers|Blumenstrauß
🌍 earth world|Erde Welt
🌙 moon|Mond
☀️ sun sunny|Sonne sonnig
⛅ cloud sun|Wolke Sonne
☁️ cloud|Wolke
🌧️ rain|Regen
⛈️ thunderstorm|Gewitter
🌈 rainbow|Regenbogen
❄️ snow flake|Schnee Flocke
⛄ snowman|Schneemann
💨 wind dash|Wind
🌊 wave sea|Welle Meer
`,
  food: `
🍏 green apple|grüner Apfel
🍎 apple|Apfel
🍐 pear|Birne
🍊 orange mandarin|Orange Mandarine
🍋 lemon|Zitrone
🍌 banana|Banane
🍉 watermelon|Wassermelone
🍇 grapes|Trauben
🍓 strawberry|Erdbeere
🫐 blueberries|Blaubeeren Heidelbeeren
🍒 cherries|Kirschen
🍑 peach|Pfirsich
🥭 mango|Mango
🍍 pineapple|Ananas
🥝 kiwi|Kiwi
🍅 tomato|Tomate
🥑 avocado|Avocado
🥦 broccoli|Brokkoli
🥒 cucumber|Gurke
🌶️ pepper hot chili|Chili scharf
🌽 corn|Mais
🥕 carrot|Karotte Möhre
🧄 garlic|Knoblauch
🧅 onion|Zwiebel
🥔 potato|Kartoffel
🍞 bread|Brot
🥐 croissant|Croissant Hörnchen
🥨 pretzel|Brezel
🧀 cheese|Käse
🥚 egg|Ei
🍳 frying pan cooking egg|Pfanne kochen Ei
🥞 pancakes|Pfannkuchen
🧇 waffle|Waffel
🥓 bacon|Speck
🍗 chicken leg|Hähnchen
🥩 meat steak|Fleisch Steak
🌭 hot dog sausage|Würstchen
🍔 burger|Burger
🍟 fries|Pommes
🍕 pizza|Pizza
🥪 sandwich|Butterbrot Sandwich
🌮 taco|Taco
🥙 wrap falafel|Döner Fladen
🍝 spaghetti pasta|Nudeln Spaghetti
🍜 noodle soup|Nudelsuppe
🍲 stew pot|Eintopf Topf
🍣 sushi|Sushi
🍚 rice|Reis
🥗 salad|Salat
🍿 popcorn|Popcorn
🍦 ice cream|Eis Softeis
🍨 ice cream bowl|Eis Becher
🍩 doughnut|Donut Krapfen
🍪 cookie|Keks Plätzchen
🎂 birthday cake|Geburtstagstorte Kuchen
🍰 cake|Kuchen Torte
🧁 cupcake muffin|Muffin Törtchen
🍫 chocolate|Schokolade
🍬 sweet candy|Bonbon Süßigkeit
🍯 honey|Honig
🥛 milk|Milch
☕ coffee tea hot|Kaffee heiß
🍵 tea|Tee
🧃 juice|Saft
🥤 cup straw drink|Becher Getränk
🍺 beer|Bier
🍻 beers cheers|Bier Prost
🥂 cheers champagne|Prost Sekt
🍷 wine|Wein
🍹 cocktail|Cocktail
🍽️ plate dinner|Teller Essen
🍴 fork knife eat|Besteck essen
`,
  doing: `
⚽ football soccer|Fußball
🏀 basketball|Basketball
🏐 volleyball|Volleyball
🎾 tennis|Tennis
🏓 table tennis|Tischtennis
🏸 badminton|Federball
🏒 ice hockey|Eishockey
🥅 goal|Tor
⛳ golf|Golf
🎣 fishing|Angeln
🥊 boxing|Boxen
🛹 skateboard|Skateboard
⛸️ ice skating|Schlittschuh
⛷️ skiing|Ski
🛷 sledge|Schlitten
🏄+ surfing|Surfen
🏊+ swimming|schwimmen
🚴+ cycling bike|Rad fahren
🧗+ climbing|klettern
🧘+ yoga|Yoga
🏆 trophy winner|Pokal Sieger
🥇 gold medal first|Goldmedaille erster
🥈 silver medal|Silbermedaille
🥉 bronze medal|Bronzemedaille
🎨 art paint|Kunst malen
🎭 theatre|Theater
🎬 film movie|Film Kino
🎤 microphone sing|Mikrofon singen
🎧 headphones|Kopfhörer
🎹 piano|Klavier
🥁 drum|Trommel
🎸 guitar|Gitarre
🎻 violin|Geige
🎺 trumpet|Trompete
🎲 dice game|Würfel Spiel
♟️ chess|Schach
🎯 target darts|Zielscheibe
🎳 bowling|Kegeln Bowling
🎮 video game|Videospiel
🧩 puzzle|Puzzle
🎉 party popper congratulations|Konfetti Glückwunsch feiern
🎊 confetti ball|Konfetti
🎈 balloon|Luftballon
🎁 gift present|Geschenk
🎀 ribbon|Schleife
🎆 fireworks|Feuerwerk
🎃 halloween pumpkin|Halloween Kürbis
🐣 easter chick|Ostern Küken
🥚 easter egg|Osterei
🎓 graduation|Abschluss
💍 ring wedding|Ring Hochzeit
`,
  places: `
🏠 house home|Haus zu Hause
🏡 house garden|Haus Garten
🏫 school|Schule
🏥 hospital|Krankenhaus
🏢 office|Büro
🏪 shop|Laden
🏨 hotel|Hotel
⛪ church|Kirche
🕌 mosque|Moschee
🕍 synagogue|Synagoge
🏰 castle|Schloss Burg
🗼 tower|Turm
⛲ fountain|Brunnen
⛺ tent camping|Zelt Camping
🏖️ beach|Strand
🏔️ mountain|Berg
🌋 volcano|Vulkan
🎡 ferris wheel|Riesenrad
🎢 roller coaster|Achterbahn
🚗 car|Auto
🚕 taxi|Taxi
🚌 bus|Bus
🚎 trolleybus|Trolleybus
🚑 ambulance|Krankenwagen
🚒 fire engine|Feuerwehr
🚓 police car|Polizeiauto
🚜 tractor|Traktor
🚲 bicycle bike|Fahrrad
🛴 scooter|Roller
🛵 motor scooter|Motorroller
🏍️ motorcycle|Motorrad
🚂 train steam|Zug Dampflok
🚆 train|Zug Bahn
🚇 underground metro|U-Bahn
🚋 tram|Straßenbahn
✈️ plane flight|Flugzeug Flug
🚀 rocket|Rakete
🚁 helicopter|Hubschrauber
⛵ sailing boat|Segelboot
🚢 ship|Schiff
⚓ anchor|Anker
⛽ fuel|Tankstelle
🚦 traffic light|Ampel
🚧 construction|Baustelle
🗺️ map|Karte
📍 pin place|Ort Nadel
🧭 compass|Kompass
🧳 suitcase luggage|Koffer Gepäck
⏰ alarm clock|Wecker
⏳ hourglass waiting|Sanduhr warten
🕐 clock one|Uhr
`,
  things: `
📱 phone mobile|Handy Telefon
💻 laptop computer|Laptop Computer
🖨️ printer|Drucker
⌨️ keyboard|Tastatur
📷 camera|Kamera
📸 camera flash photo|Foto Blitz
🎥 film camera|Filmkamera
📺 television tv|Fernseher
📻 radio|Radio
☎️ telephone|Telefon
🔋 battery|Batterie Akku
🔌 plug|Stecker
💡 idea bulb light|Idee Glühbirne Licht
🔦 torch|Taschenlampe
🕯️ candle|Kerze
🧯 extinguisher|Feuerlöscher
💰 money bag|Geld
💶 euro money|Euro Geld
💳 card credit|Karte
🔧 wrench tool|Schraubenschlüssel Werkzeug
🔨 hammer|Hammer
🪛 screwdriver|Schraubenzieher
🔩 nut bolt|Schraube
🧰 toolbox|Werkzeugkasten
🧲 magnet|Magnet
🧪 test tube|Reagenzglas
💊 pill medicine|Tablette Medizin
💉 syringe vaccine|Spritze Impfung
🩹 plaster|Pflaster
🌡️ thermometer|Thermometer
🧹 broom clean|Besen putzen
🧺 basket laundry|Korb Wäsche
🧻 toilet paper|Klopapier
🚿 shower|Dusche
🛁 bath|Badewanne
🧼 soap|Seife
🛒 shopping trolley|Einkaufswagen
🚪 door|Tür
🪑 chair|Stuhl
🛋️ sofa|Sofa
🛏️ bed|Bett
🧸 teddy toy|Teddy Spielzeug
🔑 key|Schlüssel
🔒 lock|Schloss zu
🔓 unlocked|Schloss offen
📦 parcel box|Paket
✉️ letter mail|Brief Post
📧 e-mail|E-Mail
📅 calendar date|Kalender Datum
📝 note memo|Notiz
📖 book read|Buch lesen
📚 books|Bücher
📰 newspaper|Zeitung
📎 paper clip|Büroklammer
✂️ scissors|Schere
✏️ pencil|Bleistift
🖍️ crayon|Buntstift
📌 pin|Reißzwecke
🔍 search magnifier|Lupe suchen
👓 glasses|Brille
🕶️ sunglasses|Sonnenbrille
👕 t-shirt|T-Shirt
👖 trousers jeans|Hose Jeans
👗 dress|Kleid
🧥 coat|Mantel
🧦 socks|Socken
👟 shoe trainer|Schuh Turnschuh
👢 boot|Stiefel
🧢 cap|Kappe
🎩 hat|Hut
👑 crown|Krone
👜 handbag|Handtasche
🎒 backpack school|Rucksack Schule
☂️ umbrella|Regenschirm
💎 gem diamond|Edelstein Diamant
🗑️ bin rubbish|Mülleimer
`,
};
