using MetaLlm.Core.Cascades;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Engine.Journal;

/// <summary>What was made of a first answer, as it stands behind the attempts of its call.</summary>
internal static class WeighedAnswerCodec
{
    private const string Section = "weighed";

    public static void Write(StateWriter writer, WeighedAnswer weighed)
    {
        writer.Section(Section);
        weighed.Signals.Write(writer);
        WriteOptional(writer, weighed.Topic);
        writer.Double(weighed.FirstUsd);
        writer.Double(weighed.FirstQuality);
        writer.Double(weighed.Doubt);
        writer.Double(weighed.Gain);
        writer.Double(weighed.Propensity);
        WriteOptional(writer, weighed.Second);
        writer.Double(weighed.SecondQuality);
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static WeighedAnswer Read(ref StateReader reader)
    {
        reader.Expect(Section);
        return new WeighedAnswer
        {
            Signals = AnswerSignals.Read(ref reader),
            Topic = reader.Bool() ? reader.Text() : null,
            FirstUsd = reader.Double(),
            FirstQuality = reader.Double(),
            Doubt = reader.Double(),
            Gain = reader.Double(),
            Propensity = reader.Double(),
            Second = reader.Bool() ? reader.Text() : null,
            SecondQuality = reader.Double(),
        };
    }

    private static void WriteOptional(StateWriter writer, string? text)
    {
        writer.Bool(text is not null);
        if (text is not null)
        {
            writer.Text(text);
        }
    }
}
