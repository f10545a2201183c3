using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Guarantees;

public sealed partial class Guarantee
{
    /// <summary>Writes everything that was learned.</summary>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Section("guarantee");
        writer.Long(_requests);
        writer.Int(_tests);
        writer.Double(_room);
        writer.Double(_usedUp);
        writer.Double(_referenceUsd);
        writer.Double(_servedUsd);
        writer.Double(_auditsUsd);
        writer.Double(_probesUsd);
        writer.Bool(IsSuspended);
        writer.Int(_topics.Count);
        foreach (var topic in _topics)
        {
            topic.Write(writer);
        }
    }

    /// <summary>Restores what <see cref="Write"/> wrote, under the same settings and candidates.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged or of another number of candidates.</exception>
    public static Guarantee Read(ref StateReader reader, GuaranteeSettings settings, int candidates, ulong seed, DateTimeOffset since)
    {
        var guarantee = new Guarantee(settings, candidates, seed, since);
        reader.Expect("guarantee");
        guarantee._requests = reader.Long();
        guarantee._tests = reader.Int();
        guarantee._room = reader.Double();
        guarantee._usedUp = reader.Double();
        guarantee._referenceUsd = reader.Double();
        guarantee._servedUsd = reader.Double();
        guarantee._auditsUsd = reader.Double();
        guarantee._probesUsd = reader.Double();
        guarantee.IsSuspended = reader.Bool();
        var topics = reader.Int();
        if (topics is < 0 or > MostTopics + 1)
        {
            throw new InvalidDataException($"Learned state is damaged: {topics} topics of a guarantee, where at most {MostTopics + 1} can be.");
        }

        for (var i = 0; i < topics; i++)
        {
            guarantee.Add(TopicEvidence.Read(ref reader, candidates, guarantee.AlphaOf(i)));
        }

        return guarantee;
    }
}
