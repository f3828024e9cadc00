using Xmpp.Server.Household;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>What guardians set for those in their care, as commands at the domain.</summary>
internal static class GuardianCommands
{
    private const string Quiet = "urn:kith:guardian#quiet-hours";

    public static IReadOnlyList<Command> Create(XmppServer server) =>
        [
            new Command(
                Quiet,
                "Quiet hours",
                server.Home.Guardians.IsGuardian,
                async (guardian, fields) =>
                {
                    if (fields is null)
                        return new(false, Form(server, guardian));
                    await server.Home.QuietHours.SetAsync(
                        fields.GetValueOrDefault("account", ""),
                        QuietSchedule.Parse(fields.GetValueOrDefault("hours", "")),
                        guardian
                    );
                    return new(true, DataForms.Start(new XmlBuilder(), "result", Quiet).End().ToArray());
                }
            ),
        ];

    private static byte[] Form(XmppServer server, Account guardian)
    {
        var lines = new List<string>();
        XmlBuilder form = new XmlBuilder().Start("x", Ns.DataForms).Attribute("type", "form");
        form.Element("title", "Quiet hours");
        XmlBuilder wards = new XmlBuilder();
        foreach (string name in server.Home.Guardians.Wards(guardian))
        {
            lines.Add($"{name}: {string.Join(", ", QuietSchedule.Format(server.Home.QuietHours.Of(name)))}");
            wards.Start("option").Attribute("label", name).Element("value", name).End();
        }
        form.Element("instructions", "One line for each time, such as: Mon-Fri 21:00-07:00. No line: none.");
        if (lines.Count > 0)
            form.Element("instructions", "Now: " + string.Join("; ", lines));
        form.Start("field").Attribute("var", "account").Attribute("type", "list-single").Attribute("label", "Whose");
        form.Copy(wards.ToArray()).End();
        form.Start("field").Attribute("var", "hours").Attribute("type", "text-multi").Attribute("label", "When").End();
        return form.ToArray();
    }
}
