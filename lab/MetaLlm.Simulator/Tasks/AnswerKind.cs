namespace MetaLlm.Simulator.Tasks;

/// <summary>How a reply to a task is read and compared.</summary>
public enum AnswerKind
{
    /// <summary>A number; digit grouping, units and a currency sign around it are ignored.</summary>
    Number,

    /// <summary>A calendar date, canonically yyyy-MM-dd.</summary>
    Date,

    /// <summary>One of the task's <see cref="SimTask.Choices"/>, such as yes/no, a label, a name or a weekday.</summary>
    Choice,

    /// <summary>A word or short text, compared without case, accents, quotes and closing punctuation.</summary>
    Text,

    /// <summary>Several words or numbers in order, canonically separated by a comma and a space.</summary>
    List,
}
