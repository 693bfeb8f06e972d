mod channels;
mod golden;
mod house;
mod restarts;
mod rounds;
