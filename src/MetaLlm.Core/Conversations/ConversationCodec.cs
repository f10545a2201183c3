using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Conversations;

/// <summary>A conversation as snapshot bytes; arms are places in a list.</summary>
internal static class ConversationCodec
{
    public static void Write(StateWriter writer, Conversation conversation, Dictionary<string, int> arms)
    {
        writer.Long(unchecked((long)conversation.Key));
        writer.Int(conversation.Handles.Count);
        foreach (var handle in conversation.Handles)
        {
            writer.Long(unchecked((long)handle));
        }

        writer.Int(conversation.Turns);
        writer.Int(arms[conversation.Arm]);
        writer.Int(arms[conversation.Preferred]);
        writer.Bool(conversation.IsMixed);
        writer.Long(conversation.Ticks);
        Write(writer, conversation.Last);
        writer.Bool(conversation.Before.Ordinal > 0);
        if (conversation.Before.Ordinal > 0)
        {
            Write(writer, conversation.Before);
        }

        writer.Int(conversation.Served.Count);
        foreach (var served in conversation.Served)
        {
            writer.Int(arms[served.Arm]);
            writer.Double(served.Tokens);
            writer.Long(served.Ticks);
        }
    }

    /// <exception cref="InvalidDataException">The bytes do not fit.</exception>
    public static Conversation Read(ref StateReader reader, string[] arms)
    {
        var conversation = new Conversation { Key = unchecked((ulong)reader.Long()) };
        for (var left = reader.Int(); left > 0; left--)
        {
            conversation.AddHandle(unchecked((ulong)reader.Long()));
        }

        conversation.Turns = reader.Int();
        conversation.Arm = Arm(arms, reader.Int());
        conversation.Preferred = Arm(arms, reader.Int());
        conversation.IsMixed = reader.Bool();
        conversation.Ticks = reader.Long();
        conversation.Last = ReadTurn(ref reader);
        conversation.Before = reader.Bool() ? ReadTurn(ref reader) : OpenTurn.None;
        for (var left = reader.Int(); left > 0; left--)
        {
            conversation.Serve(new ServedPrompt(Arm(arms, reader.Int()), reader.Double(), reader.Long()));
        }

        return conversation;
    }

    private static string Arm(string[] arms, int place) => place >= 0 && place < arms.Length
        ? arms[place]
        : throw new InvalidDataException($"Learned state is damaged: a conversation names arm {place} of {arms.Length}.");

    private static void Write(StateWriter writer, in OpenTurn turn)
    {
        writer.Long(turn.Ordinal);
        writer.Double(turn.ExpectedCached);
        writer.Double(turn.PromptTokens);
        writer.Double(turn.MarkedTokens);
    }

    private static OpenTurn ReadTurn(ref StateReader reader) => new(reader.Long(), reader.Double(), reader.Double(), reader.Double());
}
