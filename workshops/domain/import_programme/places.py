"""The larger towns of both countries, folded: so that "Seda Rass-Turgut, Osnabrück" names a city, and its country."""

from __future__ import annotations

_TURKISH = """
    adana adiyaman afyonkarahisar afyon agri aksaray amasya ankara antalya ardahan artvin aydin balikesir bartin batman
    bayburt bilecik bingol bitlis bolu burdur bursa canakkale cankiri corum denizli diyarbakir duzce edirne elazig
    erzincan erzurum eskisehir gaziantep antep giresun gumushane hakkari hatay antakya igdir isparta istanbul izmir
    kahramanmaras maras karabuk karaman kars kastamonu kayseri kilis kirikkale kirklareli kirsehir kocaeli izmit konya
    kutahya malatya manisa mardin mersin mugla mus nevsehir nigde ordu osmaniye rize sakarya adapazari samsun sanliurfa
    urfa siirt sinop sirnak sivas tekirdag tokat trabzon tunceli usak van yalova yozgat zonguldak alanya bodrum kadikoy
    besiktas beyoglu sisli uskudar cankaya nilufer osmangazi tarsus
"""
_GERMAN = """
    aachen augsburg berlin bielefeld bochum bonn bottrop braunschweig bremen bremerhaven chemnitz cottbus darmstadt
    dortmund dresden duisburg dusseldorf duesseldorf erfurt erlangen essen flensburg frankfurt freiburg furth fuerth
    gelsenkirchen gera giessen gottingen goettingen gutersloh guetersloh hagen halle hamburg hamm hanau hannover
    heidelberg heilbronn herne hildesheim ingolstadt jena kaiserslautern karlsruhe kassel kiel koblenz koln koeln
    konstanz krefeld leipzig leverkusen lubeck luebeck ludwigsburg ludwigshafen magdeburg mainz mannheim marl moers
    monchengladbach moenchengladbach mulheim muelheim munchen muenchen munster muenster neuss nurnberg nuernberg
    oberhausen offenbach oldenburg osnabruck osnabrueck paderborn pforzheim potsdam recklinghausen regensburg remscheid
    reutlingen rostock saarbrucken saarbruecken salzgitter schwerin siegen solingen stuttgart trier tubingen tuebingen
    ulm wiesbaden witten wolfsburg worms wuppertal wurzburg wuerzburg zwickau
"""
TURKISH, GERMAN = frozenset(_TURKISH.split()), frozenset(_GERMAN.split())


def country_of_town(folded: str) -> str:
    """ "TR" or "DE" for a larger town's folded name ("frankfurt a m"), else an empty string."""
    first = folded.split(" ", maxsplit=1)[0]
    if folded in TURKISH:
        return "TR"
    return "DE" if folded in GERMAN or (first in GERMAN and " a" in folded) else ""
