using System.Xml.Linq;

namespace Server.Tests.Plays.Stage;

/// <summary>What has come to an actor and was not taken yet, over all its connections.</summary>
internal sealed class Inbox
{
    private readonly Lock _lock = new();
    private readonly List<XElement> _items = [];
    private TaskCompletionSource _changed = New();
    private bool _ended;

    public void Add(XElement element)
    {
        lock (_lock)
        {
            _items.Add(element);
            Changed();
        }
    }

    public void Begin()
    {
        lock (_lock)
            _ended = false;
    }

    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Changed();
        }
    }

    public void Clear()
    {
        lock (_lock)
            _items.Clear();
    }

    public IReadOnlyList<XElement> Peek(Predicate<XElement> wanted)
    {
        lock (_lock)
            return _items.FindAll(wanted);
    }

    /// <summary>Puts back what came before all else.</summary>
    public void Prepend(IEnumerable<XElement> elements)
    {
        lock (_lock)
            _items.InsertRange(0, elements);
    }

    public IReadOnlyList<XElement> TakeAll(Predicate<XElement> wanted)
    {
        lock (_lock)
        {
            List<XElement> taken = _items.FindAll(wanted);
            _items.RemoveAll(wanted);
            return taken;
        }
    }

    /// <summary>Takes the first that is wanted; <paramref name="inOrder"/>: drops what is before it.</summary>
    public async Task<XElement> TakeAsync(Predicate<XElement> wanted, bool inOrder = false)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                int found = _items.FindIndex(wanted);
                if (found >= 0)
                {
                    XElement taken = _items[found];
                    _items.RemoveRange(inOrder ? 0 : found, inOrder ? found + 1 : 1);
                    return taken;
                }
                if (_ended)
                    throw new PlayException("the stream has ended; in the inbox:\n  " + string.Join("\n  ", _items));
                changed = _changed.Task;
            }
            await changed.WaitAsync(Actor.Patience);
        }
    }

    /// <summary>Waits for the stream's end; returns the first thing before it that is not passed over.</summary>
    public async Task<XElement?> TakeUntilEndAsync(Predicate<XElement> passedOver)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_items.Find(element => !passedOver(element)) is { } extra)
                    return extra;
                if (_ended)
                    return null;
                changed = _changed.Task;
            }
            await changed.WaitAsync(Actor.Patience);
        }
    }

    private void Changed()
    {
        _changed.TrySetResult();
        _changed = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
