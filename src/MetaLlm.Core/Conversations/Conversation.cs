namespace MetaLlm.Core.Conversations;

/// <summary>What is remembered of a conversation.</summary>
internal sealed class Conversation
{
    /// <summary>Turns by whose messages it is found: the last ones, so that retries and forks find it too.</summary>
    public const int MostHandles = 4;

    /// <summary>Arms whose caches are remembered: those used last.</summary>
    public const int MostServed = 4;

    private readonly List<ulong> _handles = new(1);
    private readonly List<ServedPrompt> _served = new(1);

    /// <summary>Hash of its name; 0 without one.</summary>
    public ulong Key { get; set; }

    /// <summary>Hashes of the messages of its last turns, and of the ids of their responses.</summary>
    public IReadOnlyList<ulong> Handles => _handles;

    /// <summary>Prompts that arms have served, in the order of their last use.</summary>
    public IReadOnlyList<ServedPrompt> Served => _served;

    public int Turns { get; set; }

    /// <summary>Arm of the last turn.</summary>
    public string Arm { get; set; } = "";

    /// <summary>The arm that was preferred in the last turn, caches aside.</summary>
    public string Preferred { get; set; } = "";

    /// <summary>Whether several arms have served it.</summary>
    public bool IsMixed { get; set; }

    /// <summary>The last turn, and the one before it while that is not settled.</summary>
    public OpenTurn Last { get; set; } = OpenTurn.None;

    public OpenTurn Before { get; set; } = OpenTurn.None;

    /// <summary>When it was used last, UTC ticks.</summary>
    public long Ticks { get; set; }

    /// <summary>Its place among all, by last use.</summary>
    public LinkedListNode<Conversation>? Node { get; set; }

    public bool Knows(ulong handle) => _handles.Contains(handle);

    public bool TryServed(string arm, out ServedPrompt served)
    {
        foreach (var one in _served)
        {
            if (one.Arm == arm)
            {
                served = one;
                return true;
            }
        }

        served = default;
        return false;
    }

    /// <summary>Adds a handle.</summary>
    /// <returns>The handle that is given up for it; 0 for none.</returns>
    public ulong AddHandle(ulong handle)
    {
        _handles.Add(handle);
        if (_handles.Count <= MostHandles)
        {
            return 0;
        }

        var dropped = _handles[0];
        _handles.RemoveAt(0);
        return dropped;
    }

    public void RemoveHandle(ulong handle) => _handles.Remove(handle);

    /// <summary>An arm serves a prompt now.</summary>
    public void Serve(ServedPrompt served)
    {
        Forget(served.Arm);
        _served.Add(served);
        if (_served.Count > MostServed)
        {
            _served.RemoveAt(0);
        }
    }

    public void Forget(string arm) => _served.RemoveAll(one => one.Arm == arm);

    public void Rename(string from, string to)
    {
        Arm = Arm == from ? to : Arm;
        Preferred = Preferred == from ? to : Preferred;
        for (var i = 0; i < _served.Count; i++)
        {
            _served[i] = _served[i].Arm == from ? _served[i] with { Arm = to } : _served[i];
        }
    }
}
