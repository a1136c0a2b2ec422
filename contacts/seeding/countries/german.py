from contacts.seeding.country import Country

GERMANY = Country(
    share=8,
    language="de",
    women="""
        Anna Sabine Petra Monika Claudia Susanne Andrea Katharina Julia Stefanie Nicole Martina Birgit Karin Ursula
        Renate Christine Sandra Heike Angelika Laura Lena Lea Sarah Hannah Emma Mia Sophie Marie Johanna Franziska
        Melanie Anja Tanja Silke Katrin Jana Nadine Vanessa Clara Jördis Käthe
    """,
    men="""
        Michael Thomas Andreas Peter Stefan Christian Klaus Wolfgang Jürgen Martin Markus Frank Matthias Alexander
        Daniel Tobias Sebastian Florian Jan Lukas Felix Jonas Maximilian Paul Leon Finn Philipp David Simon Fabian
        Niklas Moritz Dirk Uwe Bernd Holger Ralf Sven Torsten Jörg Günther Björn
    """,
    families="""
        Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf
        Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann
        Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung
        Hahn Vogel Günther
    """,
    places={
        "Europe/Berlin": (
            "Berlin, Hamburg, München, Köln, Frankfurt am Main, Stuttgart, Düsseldorf, Leipzig, Dortmund, Dresden"
        ),
    },
    calling_code="49",
    mobiles=(
        "1511 1512 1514 1515 1516 1517 1520 1521 1522 1523 1525 1570 1573 1575 1577 1578 1590 "
        "160 162 163 170 171 172 173 174 175 176 177 178 179"
    ),
    free_digits=7,
    letters={"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"},
)
