//! The symbols that may stand beside an answer (`facts/ecosystem.md` §1.5: a symbol for each answer, with its words). The
//! console draws them; a questionnaire names them. None says that an answer is a good or a bad one.

use crate::kernel::text_enum;

text_enum! {
    /// What a symbol shows.
    pub enum Symbol {
        /// A head that nods.
        Yes = "yes",
        /// A head that is shaken.
        No = "no",
        /// A question mark.
        Unsure = "unsure",
        /// A speech bubble, crossed out.
        NotSay = "not_say",
        /// Three dots.
        Other = "other",
        /// None of four dots.
        Dots0 = "dots_0",
        /// One of four dots.
        Dots1 = "dots_1",
        /// Two of four dots.
        Dots2 = "dots_2",
        /// Three of four dots.
        Dots3 = "dots_3",
        /// Four dots.
        Dots4 = "dots_4",
        /// A circle, empty.
        Circle0 = "circle_0",
        /// A circle, a third full.
        Circle1 = "circle_1",
        /// A circle, two thirds full.
        Circle2 = "circle_2",
        /// A full circle.
        Circle3 = "circle_3",
        /// A line with the first of four stretches thick.
        Time1 = "time_1",
        /// The first two.
        Time2 = "time_2",
        /// The first three.
        Time3 = "time_3",
        /// All four.
        Time4 = "time_4",
        /// An arrow up.
        Up = "up",
        /// An arrow down.
        Down = "down",
        /// Two equal lines.
        Same = "same",
        /// A square in a circle: it stopped.
        Stop = "stop",
        /// A person.
        Person = "person",
        /// Two people.
        Two = "two",
        /// Three people.
        Three = "three",
        /// Somebody tall and somebody small.
        Adult = "adult",
        /// Two people, and one by themselves.
        Apart = "apart",
        /// A speech bubble with jagged lines.
        Names = "names",
        /// A speech bubble with lines of text.
        Talk = "talk",
        /// A speech bubble with an exclamation mark.
        Warning = "warning",
        /// Somebody who whispers to somebody.
        Whisper = "whisper",
        /// A blow.
        Blow = "blow",
        /// A bag.
        Bag = "bag",
        /// A person with a line around them.
        Body = "body",
        /// An envelope.
        Letter = "letter",
        /// A picture.
        Picture = "picture",
        /// A screen.
        Screen = "screen",
        /// A mask.
        Mask = "mask",
        /// A telephone.
        Phone = "phone",
        /// A blackboard.
        Board = "board",
        /// A door.
        Door = "door",
        /// A ball.
        Ball = "ball",
        /// Knife and fork.
        Meal = "meal",
        /// A tap.
        Tap = "tap",
        /// A coat hanger.
        Hanger = "hanger",
        /// A bus.
        Bus = "bus",
        /// A winding path.
        Path = "path",
        /// A tree.
        Tree = "tree",
        /// A house.
        House = "house",
        /// A school.
        School = "school",
        /// A mirror.
        Mirror = "mirror",
        /// A cross, as of first aid.
        Health = "health",
        /// A globe.
        Globe = "globe",
        /// A candle.
        Candle = "candle",
        /// Two hearts.
        Hearts = "hearts",
        /// A pram.
        Pram = "pram",
        /// A cake.
        Cake = "cake",
        /// A book.
        Book = "book",
        /// An ear.
        Ear = "ear",
        /// An ear, crossed out.
        Unheard = "unheard",
        /// A shield.
        Shield = "shield",
        /// A head that is bowed.
        Bowed = "bowed",
        /// A sheet of paper.
        Paper = "paper",
        /// An eye.
        Eye = "eye",
        /// A raised hand.
        Hand = "hand",
    }
}
