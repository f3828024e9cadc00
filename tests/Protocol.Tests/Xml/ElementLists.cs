using Xmpp.Xml;

namespace Protocol.Tests.Xml;

internal static class ElementLists
{
    public static List<Element> All(this Element.ChildList children)
    {
        List<Element> all = [];
        foreach (Element child in children)
            all.Add(child);
        return all;
    }
}
