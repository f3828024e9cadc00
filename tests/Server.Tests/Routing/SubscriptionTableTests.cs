using Shouldly;
using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xunit;

namespace Server.Tests.Routing;

/// <summary>The tables of RFC 6121 Appendix A, row by row as they stand there, and pre-approval (§3.4).</summary>
public sealed class SubscriptionTableTests
{
    private static readonly Jid _juliet = Jid.Parse("juliet@kith.test");
    private static readonly byte[] _request = [1];
    private static readonly byte[] _another = [2];

    // A.1: the nine states; a mere request in is in no list.
    private static RosterItem State(string name)
    {
        bool asks = name.Contains("Out", StringComparison.Ordinal);
        Subscription subscription = Enum.Parse<Subscription>(name.Split(' ')[0]);
        return new RosterItem(_juliet)
        {
            Subscription = subscription,
            Ask = asks,
            PendingIn = name.EndsWith("In", StringComparison.Ordinal) ? _request : null,
            Listed = asks || subscription != Subscription.None,
        };
    }

    private static string Name(RosterItem item) =>
        item.Subscription
        + (item.Ask, item.PendingIn is not null) switch
        {
            (true, true) => " + Pending Out+In",
            (true, false) => " + Pending Out",
            (false, true) => " + Pending In",
            _ => "",
        };

    [Theory]
    // A.2.1
    [InlineData(StanzaType.Subscribe, "None", true, "None + Pending Out")]
    [InlineData(StanzaType.Subscribe, "None + Pending Out", true, "None + Pending Out")]
    [InlineData(StanzaType.Subscribe, "None + Pending In", true, "None + Pending Out+In")]
    [InlineData(StanzaType.Subscribe, "None + Pending Out+In", true, "None + Pending Out+In")]
    [InlineData(StanzaType.Subscribe, "To", true, "To")]
    [InlineData(StanzaType.Subscribe, "To + Pending In", true, "To + Pending In")]
    [InlineData(StanzaType.Subscribe, "From", true, "From + Pending Out")]
    [InlineData(StanzaType.Subscribe, "From + Pending Out", true, "From + Pending Out")]
    [InlineData(StanzaType.Subscribe, "Both", true, "Both")]
    // A.2.2
    [InlineData(StanzaType.Unsubscribe, "None", true, "None")]
    [InlineData(StanzaType.Unsubscribe, "None + Pending Out", true, "None")]
    [InlineData(StanzaType.Unsubscribe, "None + Pending In", true, "None + Pending In")]
    [InlineData(StanzaType.Unsubscribe, "None + Pending Out+In", true, "None + Pending In")]
    [InlineData(StanzaType.Unsubscribe, "To", true, "None")]
    [InlineData(StanzaType.Unsubscribe, "To + Pending In", true, "None + Pending In")]
    [InlineData(StanzaType.Unsubscribe, "From", true, "From")]
    [InlineData(StanzaType.Unsubscribe, "From + Pending Out", true, "From")]
    [InlineData(StanzaType.Unsubscribe, "Both", true, "From")]
    // A.2.3
    [InlineData(StanzaType.Subscribed, "None", false, "None")]
    [InlineData(StanzaType.Subscribed, "None + Pending Out", false, "None + Pending Out")]
    [InlineData(StanzaType.Subscribed, "None + Pending In", true, "From")]
    [InlineData(StanzaType.Subscribed, "None + Pending Out+In", true, "From + Pending Out")]
    [InlineData(StanzaType.Subscribed, "To", false, "To")]
    [InlineData(StanzaType.Subscribed, "To + Pending In", true, "Both")]
    [InlineData(StanzaType.Subscribed, "From", false, "From")]
    [InlineData(StanzaType.Subscribed, "From + Pending Out", false, "From + Pending Out")]
    [InlineData(StanzaType.Subscribed, "Both", false, "Both")]
    // A.2.4
    [InlineData(StanzaType.Unsubscribed, "None", false, "None")]
    [InlineData(StanzaType.Unsubscribed, "None + Pending Out", false, "None + Pending Out")]
    [InlineData(StanzaType.Unsubscribed, "None + Pending In", true, "None")]
    [InlineData(StanzaType.Unsubscribed, "None + Pending Out+In", true, "None + Pending Out")]
    [InlineData(StanzaType.Unsubscribed, "To", false, "To")]
    [InlineData(StanzaType.Unsubscribed, "To + Pending In", true, "To")]
    [InlineData(StanzaType.Unsubscribed, "From", true, "None")]
    [InlineData(StanzaType.Unsubscribed, "From + Pending Out", true, "None + Pending Out")]
    [InlineData(StanzaType.Unsubscribed, "Both", true, "To")]
    public void What_a_client_sends(StanzaType type, string before, bool routed, string after)
    {
        SubscriptionStep step = Subscriptions.Outbound(State(before), type);
        step.Passes.ShouldBe(routed);
        Name(step.Item).ShouldBe(after);
        step.Approve.ShouldBeFalse();
    }

    [Theory]
    // A.3.1; where the sender is subscribed already, it is answered in the contact's stead.
    [InlineData(StanzaType.Subscribe, "None", true, "None + Pending In")]
    [InlineData(StanzaType.Subscribe, "None + Pending Out", true, "None + Pending Out+In")]
    [InlineData(StanzaType.Subscribe, "None + Pending In", false, "None + Pending In")]
    [InlineData(StanzaType.Subscribe, "None + Pending Out+In", false, "None + Pending Out+In")]
    [InlineData(StanzaType.Subscribe, "To", true, "To + Pending In")]
    [InlineData(StanzaType.Subscribe, "To + Pending In", false, "To + Pending In")]
    [InlineData(StanzaType.Subscribe, "From", false, "From", true)]
    [InlineData(StanzaType.Subscribe, "From + Pending Out", false, "From + Pending Out", true)]
    [InlineData(StanzaType.Subscribe, "Both", false, "Both", true)]
    // A.3.2
    [InlineData(StanzaType.Unsubscribe, "None", false, "None")]
    [InlineData(StanzaType.Unsubscribe, "None + Pending Out", false, "None + Pending Out")]
    [InlineData(StanzaType.Unsubscribe, "None + Pending In", true, "None")]
    [InlineData(StanzaType.Unsubscribe, "None + Pending Out+In", true, "None + Pending Out")]
    [InlineData(StanzaType.Unsubscribe, "To", false, "To")]
    [InlineData(StanzaType.Unsubscribe, "To + Pending In", true, "To")]
    [InlineData(StanzaType.Unsubscribe, "From", true, "None")]
    [InlineData(StanzaType.Unsubscribe, "From + Pending Out", true, "None + Pending Out")]
    [InlineData(StanzaType.Unsubscribe, "Both", true, "To")]
    // A.3.3
    [InlineData(StanzaType.Subscribed, "None", false, "None")]
    [InlineData(StanzaType.Subscribed, "None + Pending Out", true, "To")]
    [InlineData(StanzaType.Subscribed, "None + Pending In", false, "None + Pending In")]
    [InlineData(StanzaType.Subscribed, "None + Pending Out+In", true, "To + Pending In")]
    [InlineData(StanzaType.Subscribed, "To", false, "To")]
    [InlineData(StanzaType.Subscribed, "To + Pending In", false, "To + Pending In")]
    [InlineData(StanzaType.Subscribed, "From", false, "From")]
    [InlineData(StanzaType.Subscribed, "From + Pending Out", true, "Both")]
    [InlineData(StanzaType.Subscribed, "Both", false, "Both")]
    // A.3.4
    [InlineData(StanzaType.Unsubscribed, "None", false, "None")]
    [InlineData(StanzaType.Unsubscribed, "None + Pending Out", true, "None")]
    [InlineData(StanzaType.Unsubscribed, "None + Pending In", false, "None + Pending In")]
    [InlineData(StanzaType.Unsubscribed, "None + Pending Out+In", true, "None + Pending In")]
    [InlineData(StanzaType.Unsubscribed, "To", true, "None")]
    [InlineData(StanzaType.Unsubscribed, "To + Pending In", true, "None + Pending In")]
    [InlineData(StanzaType.Unsubscribed, "From", false, "From")]
    [InlineData(StanzaType.Unsubscribed, "From + Pending Out", true, "From")]
    [InlineData(StanzaType.Unsubscribed, "Both", true, "From")]
    public void What_comes_from_a_contact(
        StanzaType type,
        string before,
        bool delivered,
        string after,
        bool approved = false
    )
    {
        SubscriptionStep step = Subscriptions.Inbound(State(before), type, _another);
        step.Passes.ShouldBe(delivered);
        Name(step.Item).ShouldBe(after);
        step.Approve.ShouldBe(approved);
    }

    [Theory]
    [InlineData(StanzaType.Subscribe, "To")]
    [InlineData(StanzaType.Unsubscribe, "None")]
    [InlineData(StanzaType.Unsubscribe, "None + Pending In")]
    [InlineData(StanzaType.Subscribed, "Both")]
    [InlineData(StanzaType.Unsubscribed, "To")]
    public void Where_nothing_changes_the_entry_is_the_same(StanzaType type, string state)
    {
        RosterItem item = State(state);
        Subscriptions.Outbound(item, type).Item.ShouldBe(item);
    }

    // A.1: what is in no list is not put there by what changes nothing.
    [Theory]
    [InlineData(StanzaType.Unsubscribe)]
    [InlineData(StanzaType.Unsubscribed)]
    public void Ending_what_never_was_lists_nobody(StanzaType type) =>
        Subscriptions.IsEmpty(Subscriptions.Outbound(State("None"), type).Item).ShouldBeTrue();

    // §3.1.3: of several requests one is kept; the last says what its sender wants to have said.
    [Fact]
    public void A_second_request_takes_the_place_of_the_first() =>
        Subscriptions
            .Inbound(State("None + Pending In"), StanzaType.Subscribe, _another)
            .Item.PendingIn.ShouldBe(_another);

    // §3.4.2.
    [Theory]
    [InlineData("None", true)]
    [InlineData("None + Pending Out", true)]
    [InlineData("To", true)]
    [InlineData("None + Pending In", false)]
    [InlineData("To + Pending In", false)]
    [InlineData("From", false)]
    [InlineData("Both", false)]
    public void Approval_beforehand_is_noted_where_nobody_asks(string state, bool noted)
    {
        RosterItem after = Subscriptions.Outbound(State(state), StanzaType.Subscribed).Item;
        after.Approved.ShouldBe(noted);
        after.Listed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("None", "From")]
    [InlineData("None + Pending Out", "From + Pending Out")]
    [InlineData("To", "Both")]
    public void Who_was_approved_beforehand_is_answered_at_once(string before, string after)
    {
        RosterItem approved = Subscriptions.Outbound(State(before), StanzaType.Subscribed).Item;
        SubscriptionStep step = Subscriptions.Inbound(approved, StanzaType.Subscribe, _request);
        step.Approve.ShouldBeTrue();
        step.Passes.ShouldBeFalse();
        Name(step.Item).ShouldBe(after);
    }

    // §3.4.1: taken back by unsubscribed.
    [Fact]
    public void Approval_beforehand_can_be_taken_back()
    {
        RosterItem approved = Subscriptions.Outbound(State("To"), StanzaType.Subscribed).Item;
        SubscriptionStep step = Subscriptions.Outbound(approved, StanzaType.Unsubscribed);
        step.Passes.ShouldBeFalse();
        step.Item.Approved.ShouldBeFalse();
        Name(step.Item).ShouldBe("To");
    }
}
