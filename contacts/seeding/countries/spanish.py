from contacts.seeding.country import Country

SPAIN = Country(
    share=6,
    language="es",
    women="""
        María Carmen Ana Isabel Laura Cristina Marta Lucía Elena Pilar Rosa Paula Sara Raquel Beatriz Patricia Silvia
        Andrea Rocío Mercedes Alba Irene Nuria Julia Teresa Sofía Claudia Inés Natalia Carla Eva Marina Noelia Lorena
        Sonia Yolanda Susana Alicia Ángela Verónica Begoña
    """,
    men="""
        Antonio José Manuel Francisco Juan David Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pedro Pablo Ángel
        Sergio Fernando Jorge Luis Alberto Álvaro Adrián Diego Iván Raúl Rubén Óscar Enrique Ramón Vicente Andrés
        Joaquín Santiago Eduardo Víctor Mario Roberto Jaime Hugo Ignacio
    """,
    families="""
        García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno
        Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Ramírez Serrano Blanco Molina
        Morales Suárez Ortega Delgado Castro Ortiz Rubio Marín Sanz Núñez Iglesias Medina Garrido Cortés
    """,
    places={
        "Europe/Madrid": (
            "Madrid, Barcelona, Valencia, Sevilla, Zaragoza, Málaga, Murcia, Bilbao, Alicante, Córdoba, Valladolid"
        ),
        "Atlantic/Canary": "Las Palmas",
    },
    calling_code="34",
    mobiles="60 61 62 63 64 65 66 67 68 69",
    free_digits=7,
)
