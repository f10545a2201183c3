using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>What a decision rests on under a guarantee, as it stands behind everything else of the decision's record.</summary>
internal static class GuaranteePlaceCodec
{
    private const string Section = "guarantee";

    public static void Write(StateWriter writer, GuaranteePlace place)
    {
        writer.Section(Section);
        writer.Text(place.Topic);
        writer.Bool(place.Beside is not null);
        if (place.Beside is { } beside)
        {
            writer.Text(beside);
        }

        writer.Double(place.Bound);
    }

    public static DecisionRecord Read(ref StateReader reader, DecisionRecord decision) => reader.TryExpect(Section)
        ? decision with { Guarantee = new GuaranteePlace { Topic = reader.Text(), Beside = reader.Bool() ? reader.Text() : null, Bound = reader.Double() } }
        : decision;
}
