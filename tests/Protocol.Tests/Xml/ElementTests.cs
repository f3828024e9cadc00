using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Protocol.Tests.Xml;

public class ElementTests
{
    [Fact]
    public void No_element_answers_like_an_empty_one()
    {
        Element none = XmlFragment.Parse("<a/>").Root.Child("b", "");
        none.Exists.ShouldBeFalse();
        (none.Name, none.Namespace, none.Text, none.Language).ShouldBe(("", "", "", null));
        none.Attribute("x").ShouldBeNull();
        none.Attributes.ShouldBeEmpty();
        none.Children.Count.ShouldBe(0);
        none.FirstChild.Child("c").Has("d", "").ShouldBeFalse();
        (none.Bytes.Length, none.Content.Length, none.ToString()).ShouldBe((0, 0, ""));
        none.ShouldBe(default);
    }

    [Fact]
    public void Children_are_found_by_name_and_namespace_in_order()
    {
        Element root = XmlFragment
            .Parse("<a xmlns='1'><b n='1'/>t<b xmlns='2' n='2'/><b n='3'><b n='4'/></b></a>")
            .Root;
        root.Children.Count.ShouldBe(3);
        root.Children.All().Select(c => c.Attribute("n")).ShouldBe(["1", "2", "3"]);
        root.Child("b").Attribute("n").ShouldBe("1");
        root.Child("b", "2").ToString().ShouldBe("<b xmlns='2' n='2'/>");
        root.Child("b", "3").Exists.ShouldBeFalse();
        root.FirstChild.ShouldBe(root.Child("b", "1"));
    }

    [Fact]
    public void Bytes_and_content_are_views_on_what_came()
    {
        byte[] came = XmlCorpus.Utf8("<a x='1' ><b>c</b > </a>");
        Element root = XmlFragment.Parse(came).Root;
        root.ToString().ShouldBe("<a x='1' ><b>c</b > </a>");
        root.FirstChild.ToString().ShouldBe("<b>c</b >");
        root.Content.Span.SequenceEqual("<b>c</b > "u8).ShouldBeTrue();
        root.Content.Span.Overlaps(came).ShouldBeTrue();
    }

    [Fact]
    public void Names_outside_the_table_and_in_it_read_alike()
    {
        foreach (string name in (string[])["body", "bodz", "b", "é", "message", "urn:xmpp:sm:3", new string('n', 300)])
            XmlNames.Intern(XmlCorpus.Utf8(name)).ShouldBe(name);
        XmlNames.Intern("body"u8).ShouldBeSameAs(XmlNames.Intern("body"u8));
    }
}
