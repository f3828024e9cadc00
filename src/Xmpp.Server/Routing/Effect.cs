using Xmpp.Server.Stores;

namespace Xmpp.Server.Routing;

/// <summary>What one stanza does: its writes, and after their commit what others see. Used once.</summary>
public abstract class Effect
{
    private static readonly Effect _none = new Deed(null);

    /// <summary>Nothing, as for a result that nobody waits for.</summary>
    public static Effect None => _none;

    /// <summary>False when it writes nothing.</summary>
    public virtual bool Writes => false;

    /// <summary>Keeps its place among everybody's effects even when it writes nothing.</summary>
    public virtual bool Ordered => true;

    /// <summary>May run twice: touches the transaction and its own fields only.</summary>
    public virtual void Store(Transaction transaction) { }

    /// <summary>After the commit, in commit order, on the writer's thread.</summary>
    public abstract void Released();

    /// <summary>In the place of <see cref="Released"/>, when it could not be written; the sender is told.</summary>
    public virtual void Failed() { }

    /// <summary>In the common order; writes nothing.</summary>
    public static Effect InOrder(Action released) => new Deed(released);

    /// <summary>One after the other, in one transaction.</summary>
    public static Effect All(params Effect[] effects) => new Several(effects);

    private sealed class Deed(Action? released) : Effect
    {
        public override bool Ordered => released is not null;

        public override void Released() => released?.Invoke();
    }

    private sealed class Several(Effect[] effects) : Effect
    {
        public override bool Writes => effects.Any(effect => effect.Writes);

        public override void Store(Transaction transaction)
        {
            foreach (Effect effect in effects)
                if (effect.Writes)
                    effect.Store(transaction);
        }

        public override void Released()
        {
            foreach (Effect effect in effects)
                effect.Released();
        }

        public override void Failed()
        {
            foreach (Effect effect in effects)
                effect.Failed();
        }
    }
}
